"""Who may do what: the table, and nothing beside it."""

from __future__ import annotations

from itertools import combinations

import pytest

from audience_builder.access import GRANTS, Permission, Principal, Role, require
from audience_builder.errors import DeniedError

TABLE = {
    Permission.OPEN: set(Role),
    Permission.SIGNED_IN: set(Role),
    Permission.OWN_TOKENS: set(Role),
    Permission.SEE_AUDIENCES: {Role.VIEWER, Role.ANALYST, Role.MARKETER, Role.APPROVER, Role.DPO},
    Permission.BUILD_RULES: {Role.ANALYST, Role.MARKETER},
    Permission.SEE_EXACT: {Role.MARKETER, Role.APPROVER, Role.DPO},
    Permission.EXPLORE_RULES: {Role.MARKETER},
    Permission.SEE_MEMBERS: {Role.MARKETER, Role.APPROVER, Role.DPO},
    Permission.UNMASK: {Role.DPO},
    Permission.REQUEST_EXPORT: {Role.MARKETER},
    Permission.EXPORT_CONTACTS: {Role.MARKETER},
    Permission.DOWNLOAD_EXPORT: {Role.MARKETER},
    Permission.APPROVE: {Role.APPROVER, Role.DPO},
    Permission.APPROVE_CONTACTS: {Role.DPO},
    Permission.SEE_ACCOUNTS: {Role.ADMIN, Role.DPO},
    Permission.ADMINISTER: {Role.ADMIN},
    Permission.LOAD_DATA: {Role.ADMIN, Role.SERVICE},
    Permission.SEND_EVENTS: {Role.ADMIN, Role.SERVICE},
    Permission.OVERSEE: {Role.DPO},
    Permission.ERASE: {Role.DPO},
    Permission.RUN_JOB: {Role.SERVICE},
}


def principal(*roles: Role) -> Principal:
    return Principal("someone", "Someone", frozenset(roles))


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_exactly_what_the_table_says(role: Role, permission: Permission) -> None:
    assert principal(role).may(permission) is (role in TABLE[permission])


@pytest.mark.parametrize("size", [2, 3, len(Role)])
def test_several_roles_may_do_what_any_of_them_may_and_no_more(size: int) -> None:
    for roles in combinations(Role, size):
        granted = {permission for permission in Permission if principal(*roles).may(permission)}
        assert granted == set().union(*(GRANTS[role] for role in roles))


def test_without_a_role_nothing_is_granted_but_what_is_open_to_anybody() -> None:
    assert {permission for permission in Permission if principal().may(permission)} == {Permission.OPEN}


@pytest.mark.parametrize("permission", sorted(set(Permission) - {Permission.OPEN}))
def test_who_is_denied_is_told_which_roles_would_do(permission: Permission) -> None:
    with pytest.raises(DeniedError) as denied:
        require(principal(), permission)
    assert "Someone may not" in denied.value.message
    assert all(role in denied.value.fix for role in TABLE[permission])


def test_who_may_is_let_through() -> None:
    require(principal(Role.MARKETER), Permission.REQUEST_EXPORT)


def test_an_admin_sees_no_travellers_and_the_dpo_edits_no_rules() -> None:
    seeing = {Permission.SEE_AUDIENCES, Permission.SEE_MEMBERS, Permission.UNMASK, Permission.BUILD_RULES}
    assert not GRANTS[Role.ADMIN] & seeing
    assert Permission.BUILD_RULES not in GRANTS[Role.DPO]
