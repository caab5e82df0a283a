"""Master keys wherever they live: one promise, kept by the file and by a key service."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from audience_builder.access.cipher import new_key
from audience_builder.access.keys import Keyring, MasterKeys, Purpose, ServiceKey, about_service_key
from audience_builder.access.keys_file import FileMasterKeys
from audience_builder.access.keys_kms import KmsMasterKeys
from audience_builder.errors import ConflictError, InputError, SealedError
from tests.access.kms import MemoryKeyService

ABOUT = about_service_key(Purpose.WRAPPING, 1)
Open = Callable[[], MasterKeys]


@pytest.fixture(params=["file", "kms"])
def open_keys(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the same master keys each time it is called."""
    service = MemoryKeyService()
    return {
        "file": lambda: FileMasterKeys(tmp_path / "keys" / "master.json", may_make=True),
        "kms": lambda: KmsMasterKeys(service),
    }[request.param]


def test_what_is_wrapped_unwraps_also_after_a_restart(open_keys: Open) -> None:
    key = new_key()
    wrapped = open_keys().wrap(key, ABOUT)
    assert key not in wrapped.sealed
    assert open_keys().unwrap(wrapped, ABOUT) == key


def test_a_key_unwraps_only_as_what_it_was_wrapped(open_keys: Open) -> None:
    keys = open_keys()
    wrapped = keys.wrap(new_key(), ABOUT)
    for wrong in (about_service_key(Purpose.WRAPPING, 2), about_service_key(Purpose.LOOKUP, 1), b""):
        with pytest.raises(SealedError):
            keys.unwrap(wrapped, wrong)
    keys.renew()
    for other in (2, 3, 0, -1):
        with pytest.raises(SealedError):
            keys.unwrap(replace(wrapped, version=other), ABOUT)
    with pytest.raises(SealedError):
        keys.unwrap(replace(wrapped, sealed=wrapped.sealed[:-1]), ABOUT)


def test_a_new_version_wraps_and_the_old_one_still_unwraps(open_keys: Open) -> None:
    keys, key = open_keys(), new_key()
    before = keys.wrap(key, ABOUT)
    assert keys.renew() == 2
    assert keys.wrap(key, ABOUT).version == 2
    again = open_keys()
    assert again.versions() == (1, 2)
    assert again.unwrap(before, ABOUT) == key


def test_a_destroyed_version_unwraps_nothing_ever_again(open_keys: Open) -> None:
    keys, key = open_keys(), new_key()
    before = keys.wrap(key, ABOUT)
    with pytest.raises(ConflictError):
        keys.destroy(1)
    keys.renew()
    keys.destroy(1)
    for opened in (keys, open_keys()):
        assert opened.versions() == (2,)
        with pytest.raises(SealedError):
            opened.unwrap(before, ABOUT)
    assert open_keys().renew() == 3


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.json"
    before = os.umask(0)
    try:
        FileMasterKeys(path, may_make=True).renew()
    finally:
        os.umask(before)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [file.name for file in path.parent.iterdir()] == ["master.json"]
    path.chmod(0o640)
    with pytest.raises(InputError, match="others can read"):
        FileMasterKeys(path, may_make=True)


def test_a_missing_or_broken_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "master.json"
    with pytest.raises(InputError, match="missing"):
        FileMasterKeys(path, may_make=False)
    assert not path.exists()
    secret = "c2VjcmV0" * 6
    for broken in ("", "{}", '{"keys": {}}', f'{{"keys": {{"1": "{secret}"}}}}', '{"format": 2, "keys": {"1": ""}}'):
        path.write_text(broken)
        path.chmod(0o600)
        with pytest.raises(InputError, match="no master key") as caught:
            FileMasterKeys(path, may_make=True)
        assert secret not in str(caught.value)
        assert path.read_text() == broken


def test_a_keyring_uses_the_newest_and_remembers_the_old() -> None:
    ring = Keyring.fresh()
    assert {ring.newest(purpose).version for purpose in Purpose} == {1}
    old, new = ring.newest(Purpose.WRAPPING), ServiceKey(Purpose.WRAPPING, 2, new_key())
    ring.add(new)
    assert ring.newest(Purpose.WRAPPING) == new
    assert ring.key(Purpose.WRAPPING, 1) == old.key
    assert ring.versions(Purpose.WRAPPING) == (1, 2)
    with pytest.raises(SealedError, match="no wrapping key of version 3"):
        ring.key(Purpose.WRAPPING, 3)
    with pytest.raises(SealedError):
        Keyring({}).newest(Purpose.FILES)
