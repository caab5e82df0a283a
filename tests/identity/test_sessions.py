"""Sessions and tokens: nothing readable is stored, limits are kept, and what is revoked is over at once."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from audience_builder.access import Permission, Principal, Role
from audience_builder.errors import DeniedError, InputError, NotFoundError, NotSignedInError
from audience_builder.identity import Credentials, Identity, NewAccount, Origin, Policy, open_identity
from audience_builder.identity.gate import BELIEVED_SECONDS
from audience_builder.store import Store
from tests.identity.conftest import ADMIN, LOCAL, PASSWORD, Clock

BUILD = frozenset({Permission.BUILD_RULES})


def signed_in(identity: Identity, name: str = "mina") -> str:
    account = identity.accounts.proven(name, PASSWORD, "net")
    return identity.sessions.begin(account, Origin(address="203.0.113.7", agent="a browser"), how="password").secret


def asks(identity: Identity, secret: str, *, address: str = "", is_active: bool = True) -> Principal | None:
    is_token = secret.startswith("ab_")
    return identity.gate.principal(Credentials(secret, is_token, address), is_active=is_active)


def test_a_copy_of_the_store_lets_nobody_in(identity: Identity, mina: Principal, tmp_path: Path) -> None:
    secret = signed_in(identity)
    _, token = identity.tokens.create(mina, "machine", BUILD, lasts=timedelta(days=1))
    with sqlite3.connect(tmp_path / "store.sqlite") as copy:
        dumped = list(copy.iterdump())
        values = {
            str(value)
            for table in ("session", "api_token", "account")
            for row in copy.execute(f"SELECT * FROM {table}")
            for value in row
        }
    assert not any(secret in line or token in line or token[3:] in line for line in dumped)
    assert len(values) > 15
    for value in values:
        for found in (value, f"ab_{value}"):
            assert asks(identity, found) is None
    assert asks(identity, secret) is not None
    assert asks(identity, token) is not None


def test_where_from_is_kept_without_what_points_at_one_machine(identity: Identity, mina: Principal) -> None:
    signed_in(identity)
    (session,) = identity.sessions.list(mina)
    assert (session.network, session.agent) == ("203.0.113.*", "a browser")


def test_a_session_ends_idle_and_at_the_latest(identity: Identity, mina: Principal, clock: Clock) -> None:
    secret = signed_in(identity)
    clock.pass_(minutes=29, seconds=59)
    assert asks(identity, secret) is not None
    clock.pass_(minutes=30)
    assert asks(identity, secret) is None
    secret = signed_in(identity)
    for _ in range(12 * 3 - 1):
        clock.pass_(minutes=20)
        assert asks(identity, secret) is not None
    clock.pass_(minutes=20)
    assert asks(identity, secret) is None


def test_who_only_listens_is_idle(identity: Identity, mina: Principal, clock: Clock) -> None:
    secret = signed_in(identity)
    clock.pass_(minutes=20)
    assert asks(identity, secret, is_active=False) is not None
    clock.pass_(minutes=11)
    assert asks(identity, secret, is_active=False) is None


def test_idle_time_is_known_after_a_restart(identity: Identity, mina: Principal, clock: Clock, store: Store) -> None:
    secret = signed_in(identity)
    for _ in range(3):
        clock.pass_(minutes=20)
        identity.gate.forget("mina")
        assert asks(identity, secret) is not None
    again = open_identity(store=store, now=clock, policy=Policy(), local=LOCAL)
    clock.pass_(minutes=9)
    assert asks(again, secret) is not None
    clock.pass_(minutes=31)
    assert asks(open_identity(store=store, now=clock, policy=Policy(), local=LOCAL), secret) is None


def test_each_sign_in_has_a_new_secret_and_the_old_is_worth_nothing(identity: Identity, mina: Principal) -> None:
    before = signed_in(identity)
    account = identity.accounts.proven("mina", PASSWORD, "net")
    after = identity.sessions.begin(account, Origin(secret=before), how="password").secret
    assert before != after
    assert asks(identity, before) is None
    assert asks(identity, after) is not None
    assert len(identity.sessions.list(mina)) == 1


def test_a_proof_is_fresh_for_five_minutes(identity: Identity, mina: Principal, clock: Clock) -> None:
    secret = signed_in(identity)
    found = asks(identity, secret)
    assert found is not None
    assert found.is_fresh
    clock.pass_(minutes=5)
    found = asks(identity, secret)
    assert found is not None
    assert not found.is_fresh


def test_a_change_of_roles_holds_at_once(identity: Identity, mina: Principal) -> None:
    secret = signed_in(identity)
    assert asks(identity, secret).roles == {Role.MARKETER}  # type: ignore[union-attr]
    identity.accounts.give_roles(ADMIN, "mina", {Role.VIEWER})
    assert asks(identity, secret).roles == {Role.VIEWER}  # type: ignore[union-attr]


def test_who_is_locked_out_is_out_at_once_by_every_way(identity: Identity, mina: Principal) -> None:
    secret = signed_in(identity)
    _, token = identity.tokens.create(mina, "machine", BUILD, lasts=timedelta(days=1))
    assert asks(identity, token) is not None
    identity.accounts.disable(ADMIN, "mina")
    assert asks(identity, secret) is None
    assert asks(identity, token) is None
    with pytest.raises(NotSignedInError):
        signed_in(identity)
    identity.accounts.enable(ADMIN, "mina")
    assert asks(identity, secret) is None  # sessions were ended
    assert asks(identity, token) is not None


def test_what_another_process_changes_holds_within_two_seconds(
    identity: Identity, mina: Principal, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [0.0]
    monkeypatch.setattr("audience_builder.identity.gate.monotonic", lambda: seconds[0])
    secret = signed_in(identity)
    assert asks(identity, secret) is not None
    other = open_identity(store=store, now=clock, policy=Policy(), local=LOCAL)
    other.accounts.disable(ADMIN, "mina")
    seconds[0] = BELIEVED_SECONDS
    assert BELIEVED_SECONDS <= 2.0
    assert asks(identity, secret) is None


def test_one_ends_ones_own_sessions_and_nobody_elses(identity: Identity, mina: Principal) -> None:
    one, other = signed_in(identity), signed_in(identity)
    first = identity.sessions.list(mina)[-1]
    with pytest.raises(NotFoundError):
        identity.sessions.end(ADMIN, first.id)
    identity.sessions.end(mina, first.id)
    assert len(identity.sessions.list(mina)) == 1
    identity.sessions.end_all(mina)
    assert (asks(identity, one), asks(identity, other)) == (None, None)


def test_the_twenty_first_session_ends_the_oldest(identity: Identity, mina: Principal, clock: Clock) -> None:
    first = signed_in(identity)
    account = identity.accounts.proven("mina", PASSWORD, "net")
    for _ in range(20):
        clock.pass_(seconds=1)
        identity.sessions.begin(account, Origin(), how="password")
    assert len(identity.sessions.list(mina)) == 20
    assert asks(identity, first) is None


# --- tokens -------------------------------------------------------------------------------------------------------------------


def test_a_token_is_its_owner_for_what_it_carries(identity: Identity, mina: Principal) -> None:
    made, secret = identity.tokens.create(mina, " machine ", BUILD, lasts=timedelta(days=1))
    found = asks(identity, secret)
    assert found is not None
    assert (found.id, found.via, made.label) == ("mina", f"token:{made.id}", "machine")
    assert {each for each in Permission if found.may(each)} == {
        Permission.OPEN,
        Permission.SIGNED_IN,
        Permission.BUILD_RULES,
    }
    assert secret.startswith("ab_")


def test_a_token_follows_its_owners_roles(identity: Identity, mina: Principal) -> None:
    _, secret = identity.tokens.create(mina, "machine", BUILD, lasts=timedelta(days=1))
    identity.accounts.give_roles(ADMIN, "mina", {Role.VIEWER})
    found = asks(identity, secret)
    assert found is not None
    assert not found.may(Permission.BUILD_RULES)


def test_a_token_expires_and_can_be_revoked(identity: Identity, mina: Principal, clock: Clock) -> None:
    _, secret = identity.tokens.create(mina, "short", BUILD, lasts=timedelta(hours=1))
    clock.pass_(minutes=59)
    assert asks(identity, secret) is not None
    clock.pass_(minutes=1)
    assert asks(identity, secret) is None
    made, secret = identity.tokens.create(mina, "other", BUILD, lasts=timedelta(hours=1))
    identity.tokens.end(mina, made.id)
    assert asks(identity, secret) is None


def test_only_its_owner_or_an_admin_revokes_a_token(identity: Identity, mina: Principal) -> None:
    made, secret = identity.tokens.create(mina, "machine", BUILD, lasts=timedelta(days=1))
    other = Principal("olga", "Olga", frozenset({Role.MARKETER}))
    with pytest.raises(DeniedError):
        identity.tokens.end(other, made.id)
    assert identity.tokens.list(other) == []
    assert asks(identity, secret) is not None
    assert [each.id for each in identity.tokens.list(ADMIN)] == [made.id]
    identity.tokens.end(ADMIN, made.id)
    assert asks(identity, secret) is None


@pytest.mark.parametrize(
    "wanted", [Permission.APPROVE, Permission.ADMINISTER, Permission.UNMASK, Permission.OWN_TOKENS]
)
def test_no_token_carries_what_a_person_must_do(identity: Identity, wanted: Permission) -> None:
    with pytest.raises(InputError):
        identity.tokens.create(LOCAL, "machine", {wanted}, lasts=timedelta(days=1))


def test_a_token_carries_no_more_than_its_owner_may(identity: Identity, mina: Principal) -> None:
    with pytest.raises(DeniedError):
        identity.tokens.create(mina, "machine", {Permission.LOAD_DATA}, lasts=timedelta(days=1))
    for lasts in (timedelta(0), timedelta(days=366)):
        with pytest.raises(InputError):
            identity.tokens.create(mina, "machine", BUILD, lasts=lasts)


def test_the_owner_of_the_machine_has_tokens_without_an_account(identity: Identity, store: Store, clock: Clock) -> None:
    _, secret = identity.tokens.create(LOCAL, "machine", BUILD, lasts=timedelta(days=1))
    assert asks(identity, secret).id == "local"  # type: ignore[union-attr]
    another = Principal("another", "another", LOCAL.roles)
    assert asks(open_identity(store=store, now=clock, policy=Policy(), local=another), secret) is None


def test_a_secret_is_taken_only_the_way_it_was_made_for(identity: Identity, mina: Principal) -> None:
    secret = signed_in(identity)
    _, token = identity.tokens.create(mina, "machine", BUILD, lasts=timedelta(days=1))
    assert identity.gate.principal(Credentials(secret, True)) is None
    assert identity.gate.principal(Credentials(token, False)) is None


# --- networks, demo, first account --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [("10.1.2.3", True), ("::ffff:10.1.2.3", True), ("11.0.0.1", False), ("", False), ("no", False)],
)
def test_files_come_only_to_the_networks_of_the_house(
    store: Store, clock: Clock, mina: Principal, address: str, is_inside: bool
) -> None:
    house = open_identity(store=store, now=clock, policy=Policy(inside=(ip_network("10.0.0.0/8"),)), local=LOCAL)
    found = asks(house, signed_in(house), address=address)
    assert found is not None
    assert found.is_inside is is_inside


def test_a_demo_lets_in_by_role_and_nobody_after_it(store: Store, clock: Clock) -> None:
    demo = open_identity(store=store, now=clock, policy=Policy(is_demo=True), local=LOCAL)
    secret = demo.sessions.begin(demo.demo.account(Role.MARKETER), Origin(), how="demo").secret
    assert asks(demo, secret).roles == {Role.MARKETER}  # type: ignore[union-attr]
    later = open_identity(store=store, now=clock, policy=Policy(), local=LOCAL)
    assert asks(later, secret) is None
    with pytest.raises(NotSignedInError):
        later.demo.account(Role.MARKETER)
    with pytest.raises(NotSignedInError):
        demo.demo.account(Role.SERVICE)


def test_the_first_account_takes_a_code_shown_once(identity: Identity, clock: Clock) -> None:
    code = identity.setup.code()
    assert code is not None
    with pytest.raises(NotSignedInError):
        identity.setup.first("another code", "rosa", PASSWORD, is_marketer=True)
    made = identity.setup.first(code, "rosa", PASSWORD, is_marketer=True)
    assert made.roles == {Role.ADMIN, Role.MARKETER}
    with pytest.raises(NotSignedInError):
        identity.setup.first(code, "other", PASSWORD, is_marketer=False)
    assert identity.setup.code() is None


def test_a_code_is_good_for_an_hour_and_twenty_tries(identity: Identity, clock: Clock) -> None:
    code = identity.setup.code()
    assert code is not None
    clock.pass_(minutes=60)
    with pytest.raises(NotSignedInError):
        identity.setup.check(code)
    code = identity.setup.code()
    assert code is not None
    for _ in range(20):
        with pytest.raises(NotSignedInError):
            identity.setup.check("a guess")
    with pytest.raises(NotSignedInError):
        identity.setup.check(code)


def test_a_disabled_account_of_a_provider_stays_out(identity: Identity) -> None:
    new = NewAccount(id="mina", name="m", roles=frozenset({Role.VIEWER}), password=PASSWORD)
    account, _ = identity.accounts.create(ADMIN, new)
    identity.accounts.disable(ADMIN, "mina")
    kept = identity.accounts.keep(account, "account.provider")
    assert kept.disabled_at is not None
    with pytest.raises(NotSignedInError):
        identity.sessions.begin(kept, Origin(), how="provider")
