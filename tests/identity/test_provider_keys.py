"""The provider's keys: rotation without a pause, an outage without one, and no storm of questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from audience_builder.identity.provider_errors import ProviderDownError, UntrueTokenError
from audience_builder.identity.provider_keys import ProviderKeys

ONE, TWO = (RSAKey.generate_key(2048, {"kid": name}).as_dict(private=False) for name in ("one", "two"))


@dataclass
class Source:
    """The provider's address, and a clock."""

    keys: list[Any] = field(default_factory=lambda: [ONE])
    is_down: bool = False
    asked: int = 0
    seconds: float = 0.0

    def fetch(self) -> dict[str, Any]:
        self.asked += 1
        if self.is_down:
            raise ProviderDownError("no answer")
        return {"keys": self.keys}


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def keys(source: Source) -> ProviderKeys:
    return ProviderKeys(source.fetch, clock=lambda: source.seconds)


def test_a_new_key_is_found_as_soon_as_it_signs(keys: ProviderKeys, source: Source) -> None:
    keys.find("one", "RS256")
    source.keys, source.seconds = [ONE, TWO], 31
    assert keys.find("two", "RS256").kid == "two"
    assert source.asked == 2


def test_a_key_that_was_withdrawn_is_no_key_after_a_while(keys: ProviderKeys, source: Source) -> None:
    keys.find("one", "RS256")
    source.keys, source.seconds = [TWO], 601
    with pytest.raises(UntrueTokenError):
        keys.find("one", "RS256")


def test_unknown_names_make_no_storm(keys: ProviderKeys, source: Source) -> None:
    keys.find("one", "RS256")
    for number in range(1_000):
        source.seconds = number / 100
        with pytest.raises(UntrueTokenError):
            keys.find(f"guess-{number}", "RS256")
    assert source.asked == 1
    source.seconds = 31
    with pytest.raises(UntrueTokenError):
        keys.find("guess", "RS256")
    assert source.asked == 2


def test_while_the_provider_is_away_the_known_keys_go_on(keys: ProviderKeys, source: Source) -> None:
    keys.find("one", "RS256")
    source.is_down, source.seconds = True, 5_000
    assert keys.find("one", "RS256").kid == "one"
    source.is_down, source.seconds = False, 5_031
    source.keys = [TWO]
    with pytest.raises(UntrueTokenError):
        keys.find("one", "RS256")


def test_without_any_key_the_next_one_asks_again(keys: ProviderKeys, source: Source) -> None:
    source.is_down = True
    for _ in range(2):
        with pytest.raises(ProviderDownError):
            keys.find("one", "RS256")
    source.is_down = False
    assert keys.find("one", "RS256").kid == "one"


@pytest.mark.parametrize(
    "said", [{}, {"keys": "none"}, {"keys": [None, 1, {"kty": "RSA"}, {"kty": "RSA", "n": "x" * 400, "e": 1}]}]
)
def test_rubbish_is_no_key(said: dict[str, Any]) -> None:
    with pytest.raises(UntrueTokenError):
        ProviderKeys(lambda: said).find("one", "RS256")
