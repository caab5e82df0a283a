"""The table of roles and permissions as the requirements state it, endpoint by endpoint: written down apart from the product."""

from __future__ import annotations

from dataclasses import dataclass

VIEWER, ANALYST, MARKETER, APPROVER, ADMIN, DPO, SERVICE = (
    "viewer", "analyst", "marketer", "approver", "admin", "dpo", "service",
)  # fmt: skip
EVERY_ROLE = frozenset({VIEWER, ANALYST, MARKETER, APPROVER, ADMIN, DPO, SERVICE})

ROWS: dict[str, frozenset[str]] = {
    "signed in": EVERY_ROLE,
    "see saved audience, guarded count": frozenset({VIEWER, ANALYST, MARKETER, APPROVER, DPO}),
    "build or edit a rule, sentences": frozenset({ANALYST, MARKETER}),
    "live facets and many numbers at once": frozenset({MARKETER}),
    "see masked sample rows": frozenset({MARKETER, APPROVER, DPO}),
    "unmask one record": frozenset({DPO}),
    "request export": frozenset({MARKETER}),
    "fetch an export's file": frozenset({MARKETER}),
    "approve": frozenset({APPROVER, DPO}),
    "see one's own request": frozenset({MARKETER, APPROVER, DPO}),
    "see others' requests": frozenset({APPROVER, DPO}),
    "destinations, secrets, users, roles": frozenset({ADMIN}),
    "see who may sign in": frozenset({ADMIN, DPO}),
    "load data": frozenset(),  # by network: nobody
    "send events, put aside ones again": frozenset({ADMIN, SERVICE}),
    "read access log": frozenset({DPO}),
    "erase, freeze, shred": frozenset({DPO}),
    "own tokens": EVERY_ROLE,
}
"""Who may, by row of the table. Nobody else may."""

ASKS_AGAIN = frozenset(
    {
        "unmask one record", "request export", "fetch an export's file", "approve", "destinations, secrets, users, roles",
        "erase, freeze, shred", "own tokens",
    }
)  # fmt: skip
"""The rows that want a proof of the last minutes."""

OPEN = "open to everybody"


@dataclass(frozen=True)
class Objects:
    """What becomes of an endpoint that names an object: of one's own, and of somebody else's.

    `row` means who has the endpoint's row, `nobody` nobody, `hidden` that it is not found; any other word is the row it takes.
    """

    kind: str
    own: str = "row"
    other: str = "row"


AUDIENCE = Objects("audience")
API = "/api/v1"
_SAVED, _BUILD, _EXPLORE = (
    "see saved audience, guarded count",
    "build or edit a rule, sentences",
    "live facets and many numbers at once",
)
_ADMIN = "destinations, secrets, users, roles"
_OTHERS_ACCOUNT = Objects("account", own="nobody")

ENDPOINTS: dict[tuple[str, str], tuple[str, Objects | None]] = {
    **dict.fromkeys((("GET", "/assets/{name}"), ("GET", "/first.js"), ("GET", "/collect.js"), ("POST", f"{API}/collect/{{browser_key}}"), ("OPTIONS", f"{API}/collect/{{browser_key}}"), ("GET", "/icon.svg"), ("GET", f"{API}/health/live"), ("GET", f"{API}/health/ready"), ("GET", "/sign-in"), ("GET", "/sign-in.css"), ("POST", "/sign-in"), ("POST", "/sign-in/demo"), ("GET", "/sign-in/provider"), ("GET", "/sign-in/provider/callback"), ("GET", "/sign-in/provider/out"), ("POST", "/sign-in/provider/logout"), ("GET", "/setup"), ("POST", "/setup"), ("POST", "/sign-out"), ("GET", "/signed-out")), (OPEN, None)),
    **dict.fromkeys((("GET", "/"), ("GET", "/audiences"), ("GET", "/audiences/{audience}"), ("GET", "/compare"), ("GET", "/exports"), ("GET", "/data"), ("GET", "/glossary"), ("GET", "/openapi.json"), ("GET", f"{API}/catalog"), ("GET", f"{API}/glossary"), ("GET", f"{API}/rule/schema"), ("GET", f"{API}/rule/examples"), ("GET", f"{API}/rule/templates"), ("GET", f"{API}/freshness"), ("GET", f"{API}/pipeline"), ("POST", f"{API}/windows"), ("GET", f"{API}/me"), ("POST", f"{API}/me/proof"), ("POST", f"{API}/me/password"), ("GET", f"{API}/sessions"), ("DELETE", f"{API}/sessions"), ("GET", f"{API}/tokens")), ("signed in", None)),
    ("DELETE", f"{API}/sessions/{{session}}"): ("signed in", Objects("session", other="hidden")),
    ("DELETE", f"{API}/tokens/{{token}}"): ("signed in", Objects("token", other=_ADMIN)),
    ("POST", f"{API}/tokens"): ("own tokens", None),
    **dict.fromkeys((("POST", f"{API}/events"), ("GET", f"{API}/dead-letters"), ("POST", f"{API}/dead-letters/replay")), ("send events, put aside ones again", None)),
    ("GET", f"{API}/audiences"): (_SAVED, None),
    ("GET", f"{API}/audiences/tags"): (_SAVED, None),
    **{("GET", f"{API}/audiences/{{audience}}{more}"): (_SAVED, AUDIENCE) for more in ("", "/count", "/diff", "/movements", "/sizes")},
    ("GET", f"{API}/exports"): (_SAVED, None),
    ("GET", f"{API}/exports/columns"): (_SAVED, None),
    ("GET", f"{API}/exports/{{export}}"): (_SAVED, Objects("export", own="see one's own request", other="see others' requests")),
    **{
        ("POST", f"{API}/{path}"): (_BUILD, None)
        for path in ("count", "interpret", "interpret/later", "rule/diff", "rule/validate", "words", "audiences")
    },
    ("WEBSOCKET", f"{API}/live"): (_BUILD, None),
    **{
        (method, f"{API}/audiences/{{audience}}{more}"): (_BUILD, AUDIENCE)
        for method, more in (("PUT", ""), ("PATCH", ""), ("POST", "/archive"), ("POST", "/restore"), ("POST", "/duplicate"))
    },
    **{
        (method, f"{API}/{path}"): (_EXPLORE, None)
        for method, path in (
            ("POST", "facets"), ("POST", "counts"), ("POST", "narrowing"), ("POST", "relax"), ("POST", "reach"), ("GET", "coverage"),
            ("GET", "base"), ("POST", "audiences/overlap"),
        )
    },
    **{("GET", f"{API}/audiences/{{audience}}/{more}"): (_EXPLORE, AUDIENCE) for more in ("facets", "reach")},
    **{("POST", f"{API}/{path}"): ("see masked sample rows", None) for path in ("members", "sample", "why", "contacts/masked")},
    ("GET", f"{API}/audiences/{{audience}}/members"): ("see masked sample rows", AUDIENCE),
    **{("POST", f"{API}/contacts/{path}"): ("unmask one record", None) for path in ("unmask", "look-up")},
    ("POST", f"{API}/exports"): ("request export", None),
    ("POST", f"{API}/audiences/{{audience}}/export"): ("request export", AUDIENCE),
    ("GET", f"{API}/exports/{{export}}/file"): ("fetch an export's file", Objects("export", other="nobody")),
    ("POST", f"{API}/exports/{{export}}/approve"): ("approve", Objects("export", own="nobody")),
    **{(method, f"{API}/glossary/{{word}}"): (_ADMIN, None) for method in ("PUT", "DELETE")},
    **dict.fromkeys((("GET", f"{API}/webhooks"), ("POST", f"{API}/webhooks"), ("POST", f"{API}/webhooks/{{webhook}}/revive"), ("DELETE", f"{API}/webhooks/{{webhook}}")), (_ADMIN, None)),
    ("POST", f"{API}/glossary/reading"): (_ADMIN, None),
    **dict.fromkeys((("GET", f"{API}/browser-keys"), ("POST", f"{API}/browser-keys"), ("DELETE", f"{API}/browser-keys/{{browser_key}}")), (_ADMIN, None)),
    ("GET", f"{API}/accounts"): ("see who may sign in", None),
    ("POST", f"{API}/accounts"): (_ADMIN, None),
    **{("POST", f"{API}/accounts/{{account}}/{more}"): (_ADMIN, _OTHERS_ACCOUNT) for more in ("disable", "enable", "password")},
    ("PUT", f"{API}/accounts/{{account}}/roles"): (_ADMIN, _OTHERS_ACCOUNT),
    ("DELETE", f"{API}/accounts/{{account}}/sessions"): (_ADMIN, _OTHERS_ACCOUNT),
    ("GET", f"{API}/keys"): (_ADMIN, None),
    ("POST", f"{API}/keys/rotate"): (_ADMIN, None),
    **{("POST", f"{API}/{path}"): ("load data", None) for path in ("samples", "imports", "contacts/imports", "rejects")},
    **{
        ("GET", f"{API}/trail{more}"): ("read access log", None)
        for more in (
            "", "/checkpoint", "/consistency/{old}", "/entries/{entry}/proof", "/exports/{by}", "/rules/{hash_}", "/sets/{digest}",
            "/users/{user_id}",
        )
    },
    ("POST", f"{API}/users/erase"): ("erase, freeze, shred", None),
}  # fmt: skip
"""Every endpoint there is, the row of the table it belongs to, and what its object is."""


def expected(method: str, path: str, *, role: str | None, is_own: bool, is_fresh: bool) -> str:
    """What the table says: `yes`, `no`, `hidden` (not found) or `sign in` (`role` None = nobody is signed in)."""
    row, objects = ENDPOINTS[method, path]
    if row == OPEN:
        return "yes"
    if role is None:
        return "sign in"
    if role not in ROWS[row] or (row in ASKS_AGAIN and not is_fresh):
        return "no"
    rule = "row" if objects is None else objects.own if is_own else objects.other
    if rule in ("row", "hidden"):
        return "yes" if rule == "row" else "hidden"
    allowed = rule != "nobody" and role in ROWS[rule] and (is_fresh or rule not in ASKS_AGAIN)
    return "yes" if allowed else "no"
