"""A company's provider and the product that trusts it, and a browser on its way between them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc.jwk import RSAKey

from audience_builder.api import App
from tests.api.client import Client
from tests.audience.small import NOW, copied, opened
from tests.identity.issuer import CLIENT, SECRET, Issuer

ATTACKER = RSAKey.generate_key(2048, {"kid": "one"})
ROLES = "marketing=marketer,security=dpo,ops=admin"
AT = int(NOW.timestamp())
MINUTE, HOUR = 60, 3_600


@contextmanager
def product_of(issuer: Issuer, folder: Path, *, roles: str) -> Generator[App]:
    """The product over a small mart in `folder`, signed in to with that provider."""
    secret = folder / "secret"
    secret.write_text(SECRET + "\n", encoding="utf-8")
    found = opened(
        copied(folder / "data"), oidc_issuer=issuer.url, oidc_client_id=CLIENT, oidc_client_secret_file=secret, oidc_roles=roles,
    )  # fmt: skip
    yield found
    found.close()


@dataclass
class Begun:
    """A sign-in on its way: what the provider was told."""

    state: str
    nonce: str


def begun(browser: Client, issuer: Issuer, *, again: bool = False) -> Begun:
    answer = browser.get("/sign-in/provider?next=/audiences" + ("&again=1" if again else ""))
    assert answer.status_code == 303
    said = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    assert (said["code_challenge_method"], said["response_type"], said["client_id"]) == ("S256", "code", CLIENT)
    issuer.challenge = said["code_challenge"]
    return Begun(said["state"], said["nonce"])


def back(browser: Client, issuer: Issuer, flow: Begun, **changed: Any) -> Any:
    """The browser comes back with the provider's answer."""
    said = {"state": flow.state, "code": "good", "iss": issuer.url, **changed}
    return browser.get(
        "/sign-in/provider/callback", params={key: value for key, value in said.items() if value is not ...}
    )


def is_in(browser: Client) -> bool:
    return browser.get("/me").status_code == 200
