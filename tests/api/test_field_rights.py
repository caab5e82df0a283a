"""Role × filter × right, generated: every way to ask about a rule agrees with one table, and with nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audience_builder.access import GRANTS, Permission, Principal, Role
from audience_builder.access.fields import EVERY_FILTER, Right
from audience_builder.api import App
from audience_builder.audience import COLUMNS, Asking, Draft
from audience_builder.audience.asking import Asking as Port
from audience_builder.catalog import BY_KEY
from audience_builder.errors import FieldError, InputError
from audience_builder.language.later import Late
from audience_builder.language.model.merge import Merged
from audience_builder.rule.check import parse_rule
from audience_builder.rule.templates import TEMPLATES
from audience_builder.rule.tree import Rule
from audience_builder.store import Outcome
from tests.api.client import Client, as_principal, asking
from tests.api.served import live, served
from tests.audience.small import copied, opened

FIELDS = (*BY_KEY, "sensitive")
ROLES = (Role.VIEWER, Role.ANALYST, Role.MARKETER, Role.APPROVER, Role.DPO)
LEVELS = ("", "see", "see use", "see export", "see use export")
DENIED = (403, "field_denied")
BUILDS, EXPLORES, MEMBERS, LOOKS = (
    Permission.BUILD_RULES, Permission.EXPLORE_RULES, Permission.SEE_MEMBERS, Permission.SEE_AUDIENCES,
)  # fmt: skip


def level(role: Role, field: str) -> set[str]:
    """The cell of the generated table: every level stands at every role, and at most filters."""
    return set(LEVELS[(ROLES.index(role) * 3 + FIELDS.index(field)) % len(LEVELS)].split())


def table() -> str:
    lines: list[str] = []
    for role in ROLES:
        lines.append(f"[{role}]")
        lines += [f"{field} = {sorted(level(role, field))}" for field in FIELDS]
    return "\n".join(lines)


def may(role: Role, right: str, field: str) -> bool:
    return right in level(role, field) and (field, right) != ("sensitive", "export")


def rule_of(field: str) -> dict[str, Any]:
    """A rule that speaks of that field (of sensitive ones beside a filter that everybody has: see `app`)."""
    root: dict[str, Any] = {"type": "condition", "id": "c", "filter": field, "operator": "known"}
    if field == "sensitive":
        stays = {"stay_type": ["hotel", "motel"]}
        root = {
            "type": "condition",
            "id": "c",
            "filter": "booking_count",
            "operator": ">=",
            "value": 1,
            "properties": stays,
        }
    return {"version": 1, "root": root}


def speaks_of(field: str) -> tuple[str, ...]:
    return ("booking_count", "sensitive") if field == "sensitive" else (field,)


def allowed(role: Role, right: str, field: str) -> bool:
    return all(may(role, right, each) for each in speaks_of(field))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("fields")
    file = folder / "rights.toml"
    file.write_text(table(), encoding="utf-8")
    found = opened(copied(folder / "data"), field_rights=file)
    owner = Principal("owner", "owner", frozenset({Role.SERVICE}))  # of whose role the table says nothing
    builder = replace(owner, roles=frozenset({Role.ADMIN, Role.MARKETER}))
    free = opened(copied(folder / "free"))
    for field in FIELDS:
        saved = free.audiences.save_new(builder, f"of {field}", Draft(rule=parse_rule(rule_of(field))))
        with found.store.unit(owner) as unit:
            unit.audiences.add(saved.audience, saved.versions[0])
            unit.audit("audience.save", saved.audience.id)
    free.close()
    yield found
    found.close()


@pytest.fixture(scope="module", params=ROLES)
def role(request: pytest.FixtureRequest) -> Role:
    return request.param


@pytest.fixture(scope="module")
def client(app: App, role: Role) -> Iterator[Client]:
    with asking(as_principal(app, principal(role)), local=True) as found:
        yield found


def principal(role: Role) -> Principal:
    return Principal(f"the-{role}", role, frozenset({role}))


def is_denied(answer: Any) -> bool:
    return answer.status_code == 403 and answer.json()["code"] == "field_denied"


QUESTIONS: dict[str, tuple[Permission, Any]] = {
    "/count": (BUILDS, lambda rule: rule),
    "/facets": (EXPLORES, lambda rule: {"rule": rule, "filters": []}),
    "/counts": (EXPLORES, lambda rule: {"rules": [rule]}),
    "/narrowing": (EXPLORES, lambda rule: rule),
    "/relax": (EXPLORES, lambda rule: rule),
    "/members": (MEMBERS, lambda rule: {"rule": rule}),
    "/sample": (MEMBERS, lambda rule: {"rule": rule, "n": 1}),
    "/why": (MEMBERS, lambda rule: {"rule": rule, "user_id": "nobody"}),
    "/interpret": (BUILDS, lambda rule: {"sentence": "그리고 여성", "rule": rule}),
    "/exports": (Permission.REQUEST_EXPORT, lambda rule: {"rule": rule, "purpose": "p"}),
    "/audiences": (BUILDS, lambda rule: {"name": f"n{abs(hash(str(rule)))}", "rule": rule}),
}


@pytest.mark.parametrize("path", QUESTIONS)
def test_a_rule_is_asked_about_by_who_may_use_its_fields(client: Client, role: Role, path: str) -> None:
    permission, body = QUESTIONS[path]
    if permission not in GRANTS[role]:
        assert client.post(path, body(rule_of("age"))).json()["code"] == "denied"
        return
    for field in FIELDS:
        answer = client.post(path, body(rule_of(field)))
        assert is_denied(answer) is not allowed(role, "use", field), (field, answer.text)


def test_where_a_rule_speaks_of_such_a_field_is_told_in_both_languages(client: Client, role: Role) -> None:
    if BUILDS not in GRANTS[role]:
        assert client.post("/rule/validate", rule_of("age")).status_code == 403
        return
    for field in FIELDS:
        said = client.post("/rule/validate", rule_of(field)).json()
        pointers = {"sensitive": "/root/properties/stay_type"}
        expected = [pointers.get(each, "/root/filter") for each in speaks_of(field) if not may(role, "use", each)]
        assert [each["pointer"] for each in said.get("problems", [])] == expected
        for each in said.get("problems", []):
            assert each["code"] == "field_denied"
            assert "권한이 없습니다 · your role may not use" in each["detail"]
            assert "조건을 빼거나" in each["fix"]


def test_the_catalog_has_what_may_be_seen(client: Client, role: Role) -> None:
    found = client.get("/catalog").json()
    assert [each["key"] for each in found["filters"]] == [key for key in BY_KEY if may(role, "see", key)]
    is_told = any(each["sensitive"] for entry in found["options"].values() for each in entry["options"])
    assert is_told is may(role, "see", "sensitive")


def test_facets_and_coverage_tell_of_what_may_be_seen(client: Client, role: Role) -> None:
    if EXPLORES not in GRANTS[role]:
        return
    seen = [key for key in BY_KEY if may(role, "see", key)]
    facets = client.post("/facets", {}).json()["facets"]
    assert [each["filter"] for each in facets] == seen
    assert [each["filter"] for each in client.get("/coverage").json()["filters"]] == seen
    for field in BY_KEY:
        assert is_denied(client.post("/facets", {"filters": [field]})) is not may(role, "see", field)
    lines = {line["key"] for each in facets for line in each["lines"] if "stay_type" in each["filter"]}
    assert ("motel" in lines) is (may(role, "see", "sensitive") and may(role, "see", "search_stay_type"))
    assert is_denied(client.post("/reach", {})) is not may(role, "see", "marketing_consent")


def test_a_saved_audience_is_shown_and_counted_for_who_may_see_its_fields(client: Client, role: Role) -> None:
    listed = {each["name"]: each for each in client.get("/audiences", params={"limit": 100}).json()["audiences"]}
    for field in FIELDS:
        name, seen = f"of {field}", allowed(role, "see", field)
        assert is_denied(client.get(f"/audiences/{name}")) is not seen
        assert is_denied(client.get(f"/audiences/{name}/count")) is not seen
        assert is_denied(client.get(f"/audiences/{name}/sizes")) is not seen
        assert bool(listed[name]["summary_ko"]) is seen


def test_nobody_finds_an_audience_by_words_they_may_not_see(client: Client, role: Role) -> None:
    for field in BY_KEY:
        found = client.get("/audiences", params={"q": BY_KEY[field].ko, "limit": 100}).json()["audiences"]
        assert all(
            may(role, "see", each)
            for entry in found
            for each in speaks_of(entry["name"][3:])
            if entry["name"][:3] == "of "
        )


def test_a_saved_audience_is_copied_and_exported_by_who_may_use_its_fields(client: Client, role: Role) -> None:
    for field in FIELDS:
        use, see = allowed(role, "use", field), allowed(role, "see", field)
        if BUILDS in GRANTS[role]:
            assert is_denied(client.post(f"/audiences/of {field}/duplicate", {"name": f"copy of {field}"})) is not use
            assert is_denied(client.request("PATCH", f"/audiences/of {field}", json={})) is not see
        if Permission.REQUEST_EXPORT in GRANTS[role]:
            assert is_denied(client.post(f"/audiences/of {field}/export", {"purpose": "p"})) is not use


def test_an_export_has_the_columns_that_may_be_exported(client: Client, role: Role) -> None:
    expected = [key for key, column in COLUMNS.items() if may(role, "export", column.filter)]
    assert [each["key"] for each in client.get("/exports/columns").json()] == expected
    if Permission.REQUEST_EXPORT not in GRANTS[role]:
        return
    free = next(field for field in BY_KEY if allowed(role, "use", field))
    for key in COLUMNS:
        answer = client.post("/exports", {"rule": rule_of(free), "purpose": "p", "columns": [key]})
        assert is_denied(answer) is (key not in expected), answer.text


def test_examples_are_those_that_can_be_used(client: Client, role: Role) -> None:
    for entry in client.get("/rule/examples").json():
        keys = {node["filter"] for node in nodes(entry["rule"]["root"])}
        assert all(may(role, "use", key) for key in keys)


def test_templates_are_those_that_can_be_used(client: Client, role: Role) -> None:
    groups = client.get("/rule/templates").json()
    shown = {entry["key"] for group in groups for entry in group["templates"]}
    assert shown == {
        entry.key
        for group in TEMPLATES
        for entry in group.templates
        if entry.rule is None or all(may(role, "use", node["filter"]) for node in nodes(entry.rule["root"]))
    }
    assert [group["key"] for group in groups] == ["season", "conversion", "retention", "cross_sell"]


def nodes(root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if root["type"] == "condition":
        yield root
    for child in [*root.get("children", []), *([root["child"]] if "child" in root else [])]:
        yield from nodes(child)


# --- by construction --------------------------------------------------------------------------------------------------------


def test_every_question_of_the_port_looks_at_the_table(app: App) -> None:
    marketer = principal(Role.MARKETER)
    hidden = next(field for field in BY_KEY if not may(Role.MARKETER, "see", field))
    rule = parse_rule(rule_of(hidden))
    given = {"rule": rule, "rules": [rule, rule], "audience_id": "a", "user_id": "u"}
    asked = {name: run for name, run in inspect.getmembers(Port, inspect.isfunction) if not name.startswith("_")}
    assert len(asked) >= 12
    for name, run in asked.items():
        words = {each: given[each] for each in inspect.signature(run).parameters if each in given}
        if not words:
            continue  # it takes no rule
        with pytest.raises(FieldError):
            getattr(app.questions, name)(marketer, **words)
        with app.store.unit(marketer) as unit:
            assert unit.trail.newest(1)[0].outcome is Outcome.DENIED, name


def test_nested_however_deep_it_is_found(app: App) -> None:
    hidden = next(field for field in BY_KEY if not may(Role.MARKETER, "use", field))
    free = next(field for field in BY_KEY if may(Role.MARKETER, "use", field))
    inner, outer = rule_of(hidden)["root"], {**rule_of(free)["root"], "id": "free"}
    root = {
        "type": "not",
        "child": {"type": "at_least", "k": 1, "children": [outer, {"type": "any", "children": [inner]}]},
    }
    with asking(as_principal(app, principal(Role.MARKETER)), local=True) as client:
        answer = client.post("/count", {"version": 1, "root": root})
    assert (answer.status_code, answer.json()["code"]) == DENIED
    assert [each["pointer"] for each in answer.json()["problems"]] == ["/root/child/children/1/children/0/filter"]


def test_a_sentence_becomes_no_rule_of_fields_one_may_not_use(tmp_path: Path) -> None:
    file = tmp_path / "rights.toml"
    file.write_text("[marketer]\nmembership_tier = ['see']\n", encoding="utf-8")
    app = opened(copied(tmp_path / "data"), field_rights=file)
    with asking(as_principal(app, principal(Role.MARKETER)), local=True) as client:
        assert client.post("/interpret", {"sentence": "서울 사는 여성"}).status_code == 200
        answer = client.post("/interpret", {"sentence": "골드 등급 이상 여성"})
        assert (answer.status_code, answer.json()["code"]) == DENIED
    app.close()


def test_a_live_connection_is_told_which_field_it_may_not_use(app: App) -> None:
    hidden = next(field for field in BY_KEY if not may(Role.MARKETER, "use", field))
    free = next(field for field in BY_KEY if may(Role.MARKETER, "use", field))
    with served(as_principal(app, principal(Role.MARKETER))) as port, live(port) as connection:
        connection.ask("d", 1, rule_of(hidden))
        said = connection.hear_of("problem")["problem"]
        assert (said["status"], said["code"]) == DENIED
        assert said["problems"][0]["pointer"] == "/root/filter"
        connection.ask("d", 2, rule_of(free), "total", "channels", "facets")
        facets = connection.hear_of("facets")["facets"]
    assert set(facets) == {key for key in BY_KEY if may(Role.MARKETER, "see", key)}


def test_who_lost_the_right_to_a_column_no_longer_gets_the_file(tmp_path: Path) -> None:
    app, marketer = opened(copied(tmp_path / "data")), principal(Role.MARKETER)
    with asking(as_principal(app, marketer), local=True) as client:
        job = client.post("/exports", {"rule": rule_of("age"), "purpose": "p", "columns": ["gender"]}).json()["id"]
        assert client.get(f"/exports/{job}?wait=20").json()["state"] == "done"
        assert client.get(f"/exports/{job}/file").status_code == 200
    app.close()
    file = tmp_path / "rights.toml"
    file.write_text("[marketer]\ngender = ['see', 'use']\n", encoding="utf-8")
    later = opened(tmp_path / "data", field_rights=file)
    with asking(as_principal(later, marketer), local=True) as client:
        assert is_denied(client.get(f"/exports/{job}/file"))
    later.close()


def test_without_a_table_nothing_is_narrowed(shared: App) -> None:
    every: Asking = shared.questions
    rules: list[Rule] = [parse_rule(rule_of(field)) for field in FIELDS]
    assert len(every.counts(principal(Role.MARKETER), rules).counts) == len(FIELDS)
    assert [asked.key for asked in shared.rights.seen(principal(Role.VIEWER))] == list(BY_KEY)
    assert shared.rights.may(principal(Role.MARKETER), "sensitive", Right.USE)


def test_a_table_that_cannot_be_read_keeps_the_product_closed(tmp_path: Path) -> None:
    for content in (None, f"[marketer]\n'{EVERY_FILTER}' = 'all'"):
        file = tmp_path / "rights.toml"
        if content is not None:
            file.write_text(content, encoding="utf-8")
        with pytest.raises(InputError):
            opened(tmp_path / "data", field_rights=file)
        assert not (tmp_path / "data").exists()


def test_who_may_not_see_consents_is_told_everything_else_live(tmp_path: Path) -> None:
    file = tmp_path / "rights.toml"
    file.write_text("[marketer]\nmarketing_consent = []\n", encoding="utf-8")
    app = opened(copied(tmp_path / "data"), field_rights=file)
    with served(as_principal(app, principal(Role.MARKETER))) as port, live(port) as connection:
        connection.ask("d", 1, rule_of("age"), "total", "channels", "facets")
        heard = [connection.hear()["t"] for _ in range(3)]
    assert heard == ["hello", "count", "facets"]
    app.close()


def test_a_late_answer_is_held_against_the_table_too(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    class Answered:
        def __init__(self, rule: Rule) -> None:
            self.rule = rule

        def take(self, *asked: object, seconds: float) -> Late:
            return Late("ready", "a model", merged=Merged(self.rule))

    marketer, told = principal(Role.MARKETER), []
    for field in BY_KEY:
        monkeypatch.setattr(app.prompts, "_later", Answered(parse_rule(rule_of(field))))
        try:
            told.append(app.prompts.late(marketer, "ticket", None, seconds=0) and field)
        except FieldError:
            assert not may(Role.MARKETER, "use", field)
    assert told == [field for field in BY_KEY if may(Role.MARKETER, "use", field)]
