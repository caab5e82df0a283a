"""Forged, stale and misdirected tokens from a provider that misbehaves: none of them lets anybody in."""

from __future__ import annotations

import hashlib
import hmac
import json
import warnings
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwe

from audience_builder.api import App
from tests.api.client import Client, asking
from tests.audience.small import NOW
from tests.identity.company import AT, ATTACKER, HOUR, MINUTE, ROLES, back, begun, is_in, product_of
from tests.identity.issuer import CLIENT, SECRET, Issuer, b64, bare, issuing


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing(lambda: NOW) as found:
        yield found


@pytest.fixture(scope="module")
def app(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with product_of(issuer, tmp_path_factory.mktemp("forged"), roles=ROLES) as found:
        yield found


@pytest.fixture
def browser(app: App) -> Iterator[Client]:
    with asking(app, signed_in=False) as client:
        yield client


def test_a_true_token_lets_in(browser: Client, issuer: Issuer, app: App) -> None:
    flow = begun(browser, issuer)
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce))
    answer = back(browser, issuer, flow)
    assert (answer.status_code, answer.headers["location"]) == (303, "/audiences")
    me = browser.get("/me").json()
    assert (me["name"], me["roles"], me["id"][:4]) == ("미나", ["marketer"], "sso-")


@pytest.mark.parametrize("alg", ["ES256", "PS256"])
def test_each_algorithm_of_ours_is_taken(browser: Client, issuer: Issuer, alg: str) -> None:
    flow = begun(browser, issuer)
    key = issuer.other if alg == "ES256" else issuer.third
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce), key, alg=alg)
    assert back(browser, issuer, flow).status_code == 303


# --- the corpus -----------------------------------------------------------------------------------------------------------

Make = Callable[[Issuer, str], Any]


def changed(**claims: Any) -> Make:
    return lambda issuer, nonce: issuer.signed(issuer.claims(nonce, **claims))


def header(**said: Any) -> Make:
    return lambda issuer, nonce: issuer.signed(issuer.claims(nonce), **said)


def raw(head: Any, *, sign: Callable[[bytes], bytes] = lambda _: b"", payload: Any = None) -> Make:
    """A token put together by hand."""

    def make(issuer: Issuer, nonce: str) -> str:
        signed = f"{b64(head)}.{b64(issuer.claims(nonce) if payload is None else payload)}"
        return f"{signed}.{b64(sign(signed.encode()))}"

    return make


def hs256(key_of: Callable[[Issuer], bytes]) -> Make:
    def make(issuer: Issuer, nonce: str) -> str:
        signed = f"{b64({'alg': 'HS256', 'kid': 'one', 'typ': 'JWT'})}.{b64(issuer.claims(nonce))}"
        return f"{signed}.{b64(hmac.new(key_of(issuer), signed.encode(), hashlib.sha256).digest())}"

    return make


def spoilt(change: Callable[[list[str]], list[str]]) -> Make:
    """A true token of which a part is changed."""
    return lambda issuer, nonce: ".".join(change(issuer.signed(issuer.claims(nonce)).split(".")))


def by(key: Any, **said: Any) -> Make:
    return lambda issuer, nonce: issuer.signed(issuer.claims(nonce), key, **{"kid": "one", **said})


def by_hand(**said: Any) -> Make:
    return lambda issuer, nonce: issuer.signed_by_hand({"alg": "RS256", "kid": "one", **said}, issuer.claims(nonce))


def encrypted(issuer: Issuer, nonce: str) -> str:
    content = json.dumps(issuer.claims(nonce)).encode()
    return jwe.encrypt_compact({"alg": "RSA-OAEP", "enc": "A128GCM"}, content, bare(issuer.key))


def larger(letters: str) -> str:
    return b64({**json.loads(urlsafe_b64decode(letters + "==")), "roles": ["ops"]})


def unfit(name: str, **said: Any) -> Make:
    """By a key of the provider that may sign nothing."""

    def make(issuer: Issuer, nonce: str) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return issuer.signed(issuer.claims(nonce), issuer.unfit[name], **said)

    return make


FORGED: dict[str, Make] = {
    # signatures and algorithms
    "no algorithm": raw({"alg": "none", "typ": "JWT"}),
    "no algorithm, with a key's name": raw({"alg": "none", "kid": "one"}),
    "None": raw({"alg": "None", "kid": "one"}),
    "nOnE": raw({"alg": "nOnE", "kid": "one"}),
    "NONE with a signature": raw({"alg": "NONE", "kid": "one"}, sign=lambda _: b"signature"),
    "empty algorithm": raw({"alg": "", "kid": "one"}),
    "algorithm left out": raw({"kid": "one", "typ": "JWT"}),
    "algorithm a list": raw({"alg": ["RS256"], "kid": "one"}),
    "algorithm null": raw({"alg": None, "kid": "one"}),
    "HMAC with the public key as PEM": hs256(lambda issuer: issuer.key.as_pem(private=False)),
    "HMAC with the public key as DER": hs256(lambda issuer: issuer.key.as_der(private=False)),
    "HMAC with the public key as JSON": hs256(lambda issuer: json.dumps(issuer.key.as_dict(private=False)).encode()),
    "HMAC with the client's secret": hs256(lambda issuer: SECRET.encode()),
    "HMAC with nothing": hs256(lambda issuer: b""),
    "another key under the same name": by(ATTACKER),
    "another key, put into the header": by(ATTACKER, jwk=ATTACKER.as_dict(private=False)),
    "another key, at an address of the header": by(ATTACKER, jku="http://127.0.0.1:1/keys"),
    "another key, as a certificate's address": by(ATTACKER, x5u="http://127.0.0.1:1/cert"),
    "RS384": header(alg="RS384"),
    "RS512": header(alg="RS512"),
    "PS256 by a key for RS256": header(alg="PS256"),
    "unknown key": header(kid="three"),
    "no key's name, though there are several": header(kid=...),
    "key's name a path": header(kid="../../../../dev/null"),
    "key's name SQL": header(kid="one' UNION SELECT 'x"),
    "name of the other key": header(kid="two"),
    "signature empty": spoilt(lambda p: [p[0], p[1], ""]),
    "signature cut": spoilt(lambda p: [p[0], p[1], p[2][:-8]]),
    "signature turned round": spoilt(lambda p: [p[0], p[1], p[2][::-1]]),
    "signature of zeros": spoilt(lambda p: [p[0], p[1], b64(bytes(256))]),
    "claims changed": spoilt(lambda p: [p[0], larger(p[1]), p[2]]),
    "header changed": spoilt(lambda p: [b64({"alg": "RS256", "kid": "one"}), p[1], p[2]]),
    "header no JSON": spoilt(lambda p: [b64("{"), p[1], p[2]]),
    "header a list": spoilt(lambda p: [b64(["RS256"]), p[1], p[2]]),
    "two parts": spoilt(lambda p: p[:2]),
    "four parts": spoilt(lambda p: [*p, p[2]]),
    "asks for what is not understood": raw({"alg": "RS256", "kid": "one", "crit": ["exp"], "exp": 1}),
    "asks for it, truly signed": by_hand(crit=["exp"], exp=1),
    "not encoded, truly signed": by_hand(b64=False, crit=["b64"]),
    "kind a number, truly signed": by_hand(typ=7),
    "key's name a number, truly signed": by_hand(kid=1),
    "encrypted": encrypted,
    "a weak key of the provider": unfit("weak"),
    "a key of the provider for sealing": unfit("sealing"),
    "a secret the provider published": unfit("secret", alg="HS256"),
    "an ES256 signature all zero": raw({"alg": "ES256", "kid": "two"}, sign=lambda _: bytes(64)),
    # form
    "nothing": lambda issuer, nonce: "",
    "null": lambda issuer, nonce: None,
    "an object": lambda issuer, nonce: issuer.claims(nonce),
    "a number": lambda issuer, nonce: 7,
    "words": lambda issuer, nonce: "let me in",
    "very long": lambda issuer, nonce: issuer.signed(issuer.claims(nonce, much="x" * 20_000)),
    "the access token": lambda issuer, nonce: issuer.access_token,
    # kinds
    "an access token's kind": header(typ="at+jwt"),
    "an access token's kind in full": header(typ="application/at+jwt"),
    "a logout token's kind": header(typ="logout+jwt"),
    "a proof's kind": header(typ="dpop+jwt"),
    # who made it, for whom
    "no issuer": changed(iss=...),
    "another issuer": changed(iss="https://evil.example"),
    "issuer with a slash": lambda issuer, nonce: issuer.signed(issuer.claims(nonce, iss=issuer.url + "/")),
    "issuer in capitals": lambda issuer, nonce: issuer.signed(issuer.claims(nonce, iss=issuer.url.upper())),
    "issuer with more behind": lambda issuer, nonce: issuer.signed(issuer.claims(nonce, iss=issuer.url + ".evil.example")),
    "issuer a list": lambda issuer, nonce: issuer.signed(issuer.claims(nonce, iss=[issuer.url])),
    "issuer null": changed(iss=None),
    "no audience": changed(aud=...),
    "another audience": changed(aud="another-client"),
    "an audience that begins like ours": changed(aud=CLIENT + "-2"),
    "audience of nobody": changed(aud=[]),
    "other audiences": changed(aud=["a", "b"]),
    "audience in a list in a list": changed(aud=[[CLIENT]]),
    "several audiences, for nobody in particular": changed(aud=[CLIENT, "another"]),
    "several audiences, for another": changed(aud=[CLIENT, "another"], azp="another"),
    "for another client": changed(azp="another"),
    "for a client that is no text": changed(azp=[CLIENT]),
    "audience an object": changed(aud={CLIENT: True}),
    # when
    "without an end": changed(exp=...),
    "ended": changed(exp=AT - 61),
    "ended long ago": changed(exp=AT - 30 * 24 * HOUR, iat=AT - 31 * 24 * HOUR),
    "end as text": changed(exp=str(AT + 300)),
    "end null": changed(exp=None),
    "end true": changed(exp=True),
    "end below zero": changed(exp=-1),
    "end without end": raw({"alg": "RS256", "kid": "one"}, payload='{"exp": Infinity}'),
    "made in the future": changed(iat=AT + 120),
    "made too long ago": changed(iat=AT - 11 * MINUTE),
    "made at no moment": changed(iat=...),
    "made at a moment as text": changed(iat=str(AT)),
    "not yet": changed(nbf=AT + 120),
    "not before some text": changed(nbf="soon"),
    # which sign-in, of whom
    "no nonce": changed(nonce=...),
    "another nonce": changed(nonce="another"),
    "empty nonce": changed(nonce=""),
    "nonce a list": lambda issuer, nonce: issuer.signed(issuer.claims(nonce, nonce=[nonce])),
    "nonce in capitals": lambda issuer, nonce: issuer.signed(issuer.claims(nonce, nonce=nonce.swapcase())),
    "nobody": changed(sub=...),
    "empty subject": changed(sub=""),
    "subject a number": changed(sub=1),
    "subject null": changed(sub=None),
    "subject very long": changed(sub="s" * 256),
    "another access token's hash": changed(at_hash="x" * 22),
    "hash a number": changed(at_hash=1),
    "not known when proven": changed(auth_time=...),
    "proven too long ago": changed(auth_time=AT - 13 * HOUR),
    "proven in the future": changed(auth_time=AT + 120),
    "proven at some text": changed(auth_time="today"),
    "a logout's event": changed(events={"http://schemas.openid.net/event/backchannel-logout": {}}),
    # what it says they are
    "no role": changed(roles=[]),
    "roles left out": changed(roles=...),
    "a role's own name": changed(roles=["admin"]),
    "a group of somebody else's": changed(roles=["Marketing"]),
    "roles that do not go together": changed(roles=["marketing", "security"]),
    "roles an object": changed(roles={"marketing": True}),
}  # fmt: skip


def test_the_corpus_is_large_enough() -> None:
    assert len(FORGED) >= 60


@pytest.mark.parametrize("name", FORGED)
def test_no_forged_token_lets_anybody_in(
    browser: Client, issuer: Issuer, app: App, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    flow = begun(browser, issuer)
    issuer.id_token = FORGED[name](issuer, flow.nonce)
    answer = back(browser, issuer, flow)
    assert answer.status_code == 401
    assert app.identity.cookie not in answer.headers.get("set-cookie", "")
    assert not is_in(browser)
    assert vars(caplog.records[-1])["reason"] not in ("down", "code", "state", "flow")  # it was the token
    assert not any(word in answer.text for word in ("evil", "another", "signature"))  # what failed is for the log


# --- what is around the token -----------------------------------------------------------------------------------------------

ANSWERS: dict[str, dict[str, Any]] = {
    "another state": {"state": "another"},
    "no state": {"state": ...},
    "another provider answers": {"iss": "https://evil.example"},
    "nobody says who answers": {"iss": ...},
    "no code": {"code": ...},
    "a wrong code": {"code": "bad"},
    "refused": {"error": "access_denied"},
}


@pytest.mark.parametrize("name", ANSWERS)
def test_no_other_answer_lets_anybody_in(browser: Client, issuer: Issuer, name: str) -> None:
    flow = begun(browser, issuer)
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce))
    assert back(browser, issuer, flow, **ANSWERS[name]).status_code == 401
    assert not is_in(browser)


def test_an_answer_is_good_in_the_browser_that_asked_alone(browser: Client, issuer: Issuer, app: App) -> None:
    flow = begun(browser, issuer)
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce))
    with asking(app, signed_in=False) as other:
        assert back(other, issuer, flow).status_code == 401
        begun(other, issuer)
        assert back(other, issuer, flow).status_code == 401
        assert not is_in(other)


def test_an_answer_is_good_once(browser: Client, issuer: Issuer, app: App) -> None:
    flow = begun(browser, issuer)
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce))
    assert back(browser, issuer, flow).status_code == 303
    browser.raw.cookies.delete(app.identity.cookie)
    assert back(browser, issuer, flow).status_code == 401


def test_a_cookie_of_a_sign_in_that_was_changed_is_none(browser: Client, issuer: Issuer, app: App) -> None:
    flow = begun(browser, issuer)
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce))
    kept = browser.raw.cookies[app.identity.flow_cookie]
    browser.raw.cookies.clear()
    browser.raw.cookies.set(app.identity.flow_cookie, kept[:40] + ("A" if kept[40] != "A" else "B") + kept[41:])
    assert back(browser, issuer, flow).status_code == 401


def test_without_the_verifier_the_provider_gives_nothing(browser: Client, issuer: Issuer) -> None:
    flow = begun(browser, issuer)
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce))
    issuer.challenge = b64(bytes(32))
    assert back(browser, issuer, flow).status_code == 401


# --- saying again who one is ------------------------------------------------------------------------------------------------

RENEWALS: dict[str, dict[str, Any]] = {
    "proven before it was asked": {"auth_time": AT - 10 * MINUTE},
    "somebody else": {"sub": "user-2"},
}


@pytest.mark.parametrize("name", RENEWALS)
def test_only_oneself_proves_again_who_one_is(browser: Client, issuer: Issuer, name: str) -> None:
    flow = begun(browser, issuer)
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce, auth_time=AT - HOUR))
    assert back(browser, issuer, flow).status_code == 303
    assert "request_export" in browser.get("/me").json()["asks_again"]
    flow = begun(browser, issuer, again=True)
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce, **RENEWALS[name]))
    assert back(browser, issuer, flow).status_code == 401
    assert "request_export" in browser.get("/me").json()["asks_again"]


def test_a_proof_opens_what_asks_for_one(browser: Client, issuer: Issuer) -> None:
    flow = begun(browser, issuer)
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce, auth_time=AT - HOUR))
    back(browser, issuer, flow)
    flow = begun(browser, issuer, again=True)
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce, auth_time=AT))
    assert back(browser, issuer, flow).status_code == 303
    assert browser.get("/me").json()["asks_again"] == []


def test_no_token_of_the_provider_is_kept_or_shown(browser: Client, issuer: Issuer, app: App, tmp_path: Path) -> None:
    flow = begun(browser, issuer)
    issuer.access_token = "an-access-token-nobody-may-see"
    issuer.id_token = issuer.signed(issuer.claims(flow.nonce))
    answer = back(browser, issuer, flow)
    seen = str(answer.headers) + answer.text + str(dict(browser.raw.cookies)) + browser.get("/me").text
    kept = b"".join(file.read_bytes() for file in app.loading._rejects.parent.rglob("store.sqlite*"))  # type: ignore[attr-defined]
    for secret in (issuer.id_token, issuer.id_token.split(".")[2], issuer.access_token, "refresh", SECRET):
        assert secret not in seen
        assert secret.encode() not in kept
    assert len(kept) > 10_000
