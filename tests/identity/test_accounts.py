"""Accounts and passwords: one person, one id; guessing is slow; nobody changes their own rights."""

from __future__ import annotations

import itertools

import pytest

from audience_builder.access import APART, GRANTS, Permission, Principal, Role, check_roles, require
from audience_builder.errors import BusyError, ConflictError, DeniedError, InputError, NotFoundError, NotSignedInError
from audience_builder.identity import Identity, NewAccount, Origin, passwords
from audience_builder.identity.passwords import check_password, hashed, is_right
from audience_builder.store import Outcome, Store
from tests.identity.conftest import ADMIN, PASSWORD, Clock

COSTS = passwords._HASHER  # as it is outside of tests
VIEWER = frozenset({Role.VIEWER})


def test_a_password_is_kept_as_argon2id_only(identity: Identity, mina: Principal, store: Store) -> None:
    with store.unit(ADMIN) as unit:
        kept = unit.accounts.named("mina").password_hash
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$")
    assert PASSWORD not in kept
    assert "password_hash" not in repr(identity.accounts.list(ADMIN))
    assert identity.accounts.proven(" MINA ", PASSWORD, "net").id == "mina"


def test_a_hash_costs_64_mebibytes_and_three_passes() -> None:
    assert COSTS.hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=1$")


@pytest.mark.parametrize("password", ["short", "a" * 12, "abababababab", "my name is mina!", "x" * 129, ""])
def test_a_password_worth_nothing_is_refused(password: str) -> None:
    with pytest.raises(InputError):
        check_password(password, "mina")


def test_a_wrong_password_and_no_account_are_told_alike(identity: Identity, mina: Principal) -> None:
    said = set()
    for name in ("mina", "nobody"):
        with pytest.raises(NotSignedInError) as caught:
            identity.accounts.proven(name, "not the password", "net")
        said.add((caught.value.message, caught.value.fix))
    assert len(said) == 1
    assert not is_right("x", None)
    assert is_right("x", hashed("x"))


def test_guessing_gets_slower_and_is_forgiven(identity: Identity, mina: Principal, clock: Clock) -> None:
    for _ in range(5):
        with pytest.raises(NotSignedInError):
            identity.accounts.proven("mina", "not the password", "net 1")
    with pytest.raises(BusyError, match="failed"):
        identity.accounts.proven("mina", PASSWORD, "net 2")
    clock.pass_(seconds=3)
    with pytest.raises(NotSignedInError):
        identity.accounts.proven("mina", "again not", "net 2")
    clock.pass_(seconds=3)
    with pytest.raises(BusyError):
        identity.accounts.proven("mina", PASSWORD, "net 2")
    clock.pass_(hours=2)
    assert identity.accounts.proven("mina", PASSWORD, "net 2").id == "mina"


def test_one_network_cannot_try_many_names(identity: Identity, mina: Principal) -> None:
    for number in range(5):
        with pytest.raises(NotSignedInError):
            identity.accounts.proven(f"name-{number}", "not the password", "net")
    with pytest.raises(BusyError):
        identity.accounts.proven("mina", PASSWORD, "net")
    assert identity.accounts.proven("mina", PASSWORD, "another net").id == "mina"


def test_failures_are_noted_without_what_was_typed(identity: Identity, mina: Principal, store: Store) -> None:
    for name in ("mina", "a password typed into the wrong field"):
        with pytest.raises(NotSignedInError):
            identity.accounts.proven(name, "another secret", "203.0.113.*")
    with store.unit(ADMIN) as unit:
        entries = unit.trail.newest(2)
    assert [(entry.object, entry.outcome) for entry in entries] == [
        ("unknown", Outcome.DENIED),
        ("mina", Outcome.DENIED),
    ]
    assert "secret" not in str(entries)
    assert "typed" not in str(entries)


@pytest.mark.parametrize(
    "wanted", ["", "a", "1abc", "a b", "demo-x", "sso-1", "local", "service", "a" * 41, "민아", "a'--"]
)
def test_an_id_that_is_none_is_refused(identity: Identity, wanted: str) -> None:
    with pytest.raises(InputError):
        identity.accounts.create(ADMIN, NewAccount(id=wanted, name="n", roles=VIEWER))


def test_an_id_is_given_once(identity: Identity, mina: Principal) -> None:
    identity.accounts.disable(ADMIN, "mina")
    with pytest.raises(ConflictError):
        identity.accounts.create(ADMIN, NewAccount(id="MINA", name="n", roles=VIEWER))


def test_nobody_changes_their_own_rights(identity: Identity) -> None:
    admin, _ = identity.accounts.create(ADMIN, NewAccount(id="rosa", name="Rosa", roles=frozenset({Role.ADMIN})))
    rosa = Principal(admin.id, admin.name, admin.roles)
    for change in (
        lambda: identity.accounts.give_roles(rosa, "rosa", {Role.ADMIN, Role.MARKETER}),
        lambda: identity.accounts.disable(rosa, "rosa"),
        lambda: identity.accounts.enable(rosa, "rosa"),
        lambda: identity.accounts.new_password(rosa, "rosa"),
    ):
        with pytest.raises(DeniedError, match="own"):
            change()


def test_administration_needs_an_admin_and_an_account(identity: Identity, mina: Principal) -> None:
    with pytest.raises(DeniedError):
        identity.accounts.disable(mina, "other")
    with pytest.raises(NotFoundError):
        identity.accounts.disable(ADMIN, "other")


def test_a_new_password_ends_the_sessions_of_the_old(identity: Identity, mina: Principal, store: Store) -> None:
    account = identity.accounts.proven("mina", PASSWORD, "net")
    identity.sessions.begin(account, Origin(), how="password")
    _, password = identity.accounts.new_password(ADMIN, "mina")
    assert identity.sessions.list(mina) == []
    with pytest.raises(NotSignedInError):
        identity.accounts.proven("mina", PASSWORD, "net")
    assert identity.accounts.proven("mina", password, "net").id == "mina"


def test_one_changes_ones_own_password_knowing_the_old(identity: Identity, mina: Principal) -> None:
    account = identity.accounts.proven("mina", PASSWORD, "net")
    kept = identity.sessions.begin(account, Origin(), how="password").session
    identity.sessions.begin(account, Origin(), how="password")
    here = Principal(mina.id, mina.name, mina.roles, via=f"session:{kept.id}")
    with pytest.raises(NotSignedInError):
        identity.accounts.change_password(here, "not the old one", "another long sentence", "net")
    identity.accounts.change_password(here, PASSWORD, "another long sentence", "net")
    assert [each.id for each in identity.sessions.list(mina)] == [kept.id]
    assert identity.accounts.proven("mina", "another long sentence", "net").id == "mina"


# --- roles that do not go together ------------------------------------------------------------------------------------------

ROLE_SETS = [frozenset(some) for size in range(len(Role) + 1) for some in itertools.combinations(Role, size)]


def is_allowed(roles: frozenset[Role]) -> bool:
    try:
        check_roles(roles)
    except InputError:
        return False
    return True


@pytest.mark.parametrize("roles", ROLE_SETS, ids=lambda roles: "+".join(sorted(roles)) or "none")
def test_no_set_of_roles_breaks_the_separation(roles: frozenset[Role]) -> None:
    assert len(ROLE_SETS) == 2**7
    granted = frozenset().union(*(GRANTS[role] for role in roles))
    person = Principal("p", "P", roles)
    assert {permission for permission in Permission if person.may(permission)} == granted | {Permission.OPEN}
    if not is_allowed(roles):
        assert any(pair <= roles for pair in APART)
        return
    together = [
        {Permission.UNMASK, Permission.BUILD_RULES},
        {Permission.UNMASK, Permission.REQUEST_EXPORT},
        {Permission.UNMASK, Permission.ADMINISTER},
        {Permission.OVERSEE, Permission.ADMINISTER},
        {Permission.OVERSEE, Permission.BUILD_RULES},
        {Permission.RUN_JOB, Permission.APPROVE},
        {Permission.RUN_JOB, Permission.REQUEST_EXPORT},
    ]
    assert not any(pair <= granted for pair in together)


def test_accounts_cannot_be_given_roles_that_do_not_go_together(identity: Identity, mina: Principal) -> None:
    with pytest.raises(InputError, match="both"):
        identity.accounts.give_roles(ADMIN, "mina", {Role.MARKETER, Role.DPO})
    with pytest.raises(InputError, match="both"):
        identity.accounts.create(ADMIN, NewAccount(id="max", name="M", roles=frozenset({Role.ADMIN, Role.DPO})))


# --- what the one policy asks besides a role ----------------------------------------------------------------------------------


def test_what_is_hard_to_undo_asks_for_a_fresh_proof() -> None:
    stale = Principal("m", "M", frozenset({Role.MARKETER, Role.APPROVER, Role.ADMIN}), is_fresh=False)
    for permission in (Permission.REQUEST_EXPORT, Permission.APPROVE, Permission.ADMINISTER, Permission.OWN_TOKENS):
        with pytest.raises(DeniedError) as caught:
            require(stale, permission)
        assert caught.value.code == "sign_in_again"
    require(stale, Permission.BUILD_RULES)


def test_files_are_bound_to_the_networks_of_the_house() -> None:
    outside = Principal("m", "M", frozenset({Role.MARKETER}), is_inside=False)
    with pytest.raises(DeniedError) as caught:
        require(outside, Permission.DOWNLOAD_EXPORT)
    assert caught.value.code == "outside"
    require(outside, Permission.REQUEST_EXPORT)
