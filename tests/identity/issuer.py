"""A provider of our own on this machine, which misbehaves when it is told to."""

from __future__ import annotations

import base64
import hashlib
import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT, SECRET = "audience-builder", "the secret of the client"
Json = dict[str, Any]


def b64(content: bytes | str | Json | list[Any]) -> str:
    raw = (
        content
        if isinstance(content, bytes)
        else content.encode()
        if isinstance(content, str)
        else json.dumps(content).encode()
    )
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unfit_keys() -> dict[str, RSAKey | OctKey]:
    """Keys a provider may publish but nobody may sign in by."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # weak ones are wanted here
        weak = RSAKey.generate_key(1024, {"kid": "weak"})
        secret = OctKey.generate_key(256, {"kid": "secret"})
    return {"weak": weak, "sealing": RSAKey.generate_key(2048, {"kid": "sealing", "use": "enc"}), "secret": secret}


def bare(key: RSAKey | ECKey | OctKey) -> RSAKey | ECKey | OctKey:
    """The key without what it says it is for: who forges does not mind."""
    if isinstance(key, OctKey):
        return OctKey.import_key(key.raw_value)
    return type(key).import_key(key.as_pem(private=True))


@dataclass
class Issuer:
    """What it says is what its fields say; `id_token` is what the token endpoint hands out."""

    url: str
    now: Callable[[], datetime]
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}))
    other: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "two", "use": "sig"}))
    third: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "three"}))
    unfit: dict[str, RSAKey | OctKey] = field(default_factory=unfit_keys)
    id_token: Any = None
    access_token: str = "access"
    metadata: Json = field(default_factory=dict)
    is_down: bool = False
    jwks_asked: int = 0
    asked: list[Json] = field(default_factory=list)
    challenge: str = ""

    @property
    def seconds(self) -> int:
        return int(self.now().timestamp())

    def claims(self, nonce: str, /, **changed: Any) -> Json:
        """A good ID token's claims, with some changed; `...` leaves one out."""
        said: Json = {
            "iss": self.url, "sub": "user-1", "aud": CLIENT, "exp": self.seconds + 300, "iat": self.seconds, "nonce": nonce,
            "auth_time": self.seconds - 5, "name": "미나", "roles": ["marketing"], "sid": "provider-session-1",
        }  # fmt: skip
        return {name: value for name, value in {**said, **changed}.items() if value is not ...}

    def signed(self, claims: Json, key: RSAKey | ECKey | OctKey | None = None, **header: Any) -> str:
        """A token by the issuer's own key, or another."""
        by = self.key if key is None else key
        said = {"alg": "RS256", "kid": by.kid, "typ": "JWT", **header}
        return jwt.encode(
            {name: value for name, value in said.items() if value is not ...},
            claims,
            bare(by),
            algorithms=[said["alg"]],
        )

    def signed_by_hand(self, head: Json, claims: Json) -> str:
        """A token with any header at all, truly signed."""
        said = f"{b64(head)}.{b64(claims)}"
        return f"{said}.{b64(self.key.private_key.sign(said.encode(), PKCS1v15(), SHA256()))}"  # type: ignore[union-attr]

    def keys(self) -> Json:
        public = [key.as_dict(private=False) for key in (self.key, self.other, self.third)]
        return {
            "keys": [
                *public,
                *(key.as_dict(private=key.key_type == "oct") for key in self.unfit.values()),
                "rubbish",
                {},
            ]
        }

    def described(self) -> Json:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/end",
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def exchanged(self, form: Json, authorization: str) -> tuple[int, Json]:
        """The token endpoint: the code is `good`, the client is known, and the verifier is what was announced."""
        self.asked.append(form)
        credentials = f"{CLIENT}:{SECRET}".replace(" ", "+")
        known = {base64.b64encode(text.encode()).decode() for text in (credentials, f"{CLIENT}:{SECRET}")}
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if authorization.removeprefix("Basic ") not in known:
            return 401, {"error": "invalid_client"}
        if form.get("code") != "good" or b64(verifier) != self.challenge:
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": self.access_token,
            "token_type": "Bearer",
            "id_token": self.id_token,
            "refresh_token": "refresh",
        }


@contextmanager
def issuing(now: Callable[[], datetime]) -> Iterator[Issuer]:
    """The issuer on a port of this machine, until the context ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/keys":
                issuer.jwks_asked += 1
            known = {"/.well-known/openid-configuration": issuer.described, "/keys": issuer.keys}
            said = known.get(urlsplit(self.path).path)
            self._answer(*((503, {}) if issuer.is_down else (404, {}) if said is None else (200, said())))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*issuer.exchanged(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, said: Json) -> None:
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: tests speak for themselves."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = Issuer(f"http://127.0.0.1:{server.server_address[1]}", now)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
