"""The way out of the house over HTTPS: to public addresses alone, looked up once and then spoken to by number."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

import httpx

from audience_builder.errors import InputError

Address = IPv4Address | IPv6Address
LookUp = Callable[[str, int], Sequence[str]]
"""The addresses of a name and port. Raises OSError where it has none."""

_SECONDS = 5.0
_MOST = 2_000
_PORTS = {"https": 443, "http": 80}


def look_up(host: str, port: int) -> list[str]:
    """By the system's resolver."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class HttpOutward:
    """Posts to https addresses whose every number is a public one; with `loopback` also to this machine, there by http too.

    No redirect is followed, no proxy of the environment asked, and what is answered is not read.
    """

    def __init__(
        self, *, loopback: bool = False, look_up: LookUp = look_up, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._loopback = loopback
        self._look_up = look_up
        self._client = httpx.Client(timeout=_SECONDS, follow_redirects=False, trust_env=False, transport=transport)

    def require_allowed(self, url: str) -> None:
        """Raise InputError for an address nothing may be sent to; its name must be known by now."""
        try:
            self._number(_split(url))
        except OSError as problem:
            raise InputError(f"nothing may be sent there: {problem}", fix="Say a public https address.") from None

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send, and return the status. Raises OSError where nobody answered, or where nothing may be sent to."""
        try:
            said = _split(url)
        except InputError as problem:
            raise OSError(problem.message) from None
        host = str(said.hostname)
        # The number that was looked at is the one that is spoken to: a name may lead elsewhere a moment later.
        netloc = _netloc(self._number(said), _port(said))
        there = urlunsplit((said.scheme, netloc, said.path or "/", said.query, ""))
        try:
            with self._client.stream(
                "POST", there, content=body, headers={**headers, "Host": said.netloc}, extensions={"sni_hostname": host}
            ) as answer:
                return answer.status_code
        except httpx.HTTPError as problem:
            raise OSError(f"no answer: {type(problem).__name__}") from problem

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _number(self, said: SplitResult) -> Address:
        """The number to speak to. Raises OSError where there is none, or any of the name's numbers is none to speak to."""
        try:
            numbers = [ip_address(each.partition("%")[0]) for each in self._look_up(str(said.hostname), _port(said))]
        except (OSError, UnicodeError):
            raise OSError("the name is not known") from None
        if not numbers:
            raise OSError("the name is not known")
        for number in numbers:
            is_here = self._loopback and number.is_loopback
            if not is_here and (not _is_public(number) or said.scheme != "https"):
                raise OSError("the address is not a public one reached by https")
        return numbers[0]


def _is_public(number: Address) -> bool:
    inner = number.ipv4_mapped if isinstance(number, IPv6Address) else None
    found = inner or number
    return found.is_global and not found.is_multicast


def _split(url: str) -> SplitResult:
    try:
        said = urlsplit(url)
        port = said.port
    except ValueError:
        raise _no_address() from None
    is_plain = said.scheme in _PORTS and said.hostname and said.username is None and not said.fragment
    if not is_plain or port == 0 or len(url) > _MOST or not url.isprintable():
        raise _no_address()
    return said


def _port(said: SplitResult) -> int:
    return said.port or _PORTS[said.scheme]


def _netloc(number: Address, port: int) -> str:
    return f"[{number}]:{port}" if isinstance(number, IPv6Address) else f"{number}:{port}"


def _no_address() -> InputError:
    return InputError("this is no address", fix="Say one such as https://hooks.example.com/audience.")
