"""The table of role × filter × right: what it says, what it leaves unsaid, and what it cannot mean."""

from __future__ import annotations

import pytest

from audience_builder.access import Principal, Role
from audience_builder.access.fields import SENSITIVE, FieldRights, Right, read_field_rights
from audience_builder.errors import InputError

KNOWN = ("age", "gender", "life_stage")
TABLE = """
[analyst]
life_stage = []
age = ["see"]
sensitive = []

[viewer]
"*" = ["see"]
gender = ["see", "use", "export"]
"""


def principal(*roles: Role) -> Principal:
    return Principal("someone", "Someone", frozenset(roles))


@pytest.fixture
def rights() -> FieldRights:
    return read_field_rights(TABLE, KNOWN)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("field", [*KNOWN, SENSITIVE])
@pytest.mark.parametrize("right", Right)
def test_without_a_table_every_role_has_every_right_but_sensitive_options_are_never_a_column(
    role: Role, field: str, right: Right
) -> None:
    expected = (field, right) != (SENSITIVE, Right.EXPORT)
    assert FieldRights().may(principal(role), right, field) is expected


@pytest.mark.parametrize(
    ("role", "field", "expected"),
    [
        (Role.ANALYST, "life_stage", ""), (Role.ANALYST, "age", "see"), (Role.ANALYST, "gender", "see use export"),
        (Role.ANALYST, SENSITIVE, ""), (Role.VIEWER, "age", "see"), (Role.VIEWER, "gender", "see use export"),
        (Role.VIEWER, SENSITIVE, "see"), (Role.MARKETER, "life_stage", "see use export"),
    ],
)  # fmt: skip
def test_a_role_has_what_its_heading_says_and_else_everything(
    rights: FieldRights, role: Role, field: str, expected: str
) -> None:
    assert rights.of(role, field) == {Right(each) for each in expected.split()}


def test_no_second_role_undoes_what_one_is_denied(rights: FieldRights) -> None:
    both = principal(Role.ANALYST, Role.MARKETER)
    assert rights.may(principal(Role.MARKETER), Right.SEE, "life_stage")
    assert not rights.may(both, Right.SEE, "life_stage")
    assert rights.denied(both, Right.USE, KNOWN) == ("age", "life_stage")
    assert (rights.narrows(both), rights.narrows(principal(Role.MARKETER))) == (True, False)


def test_who_has_no_role_has_no_field(rights: FieldRights) -> None:
    assert rights.denied(principal(), Right.SEE, KNOWN) == KNOWN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[marketer", "no TOML"),
        ("[boss]\nage = []", "no role 'boss'"),
        ("marketer = 1", "no heading"),
        ("[marketer]\nagee = []", "no filter 'agee'"),
        ("[marketer]\nage = 'see'", "no rights on age"),
        ("[marketer]\nage = ['look']", "no rights on age"),
        ("[marketer]\nage = [1]", "no rights on age"),
        ("[marketer]\nage = ['use']", "what it may not see"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused_with_a_fix(text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_field_rights(text, KNOWN)
    assert said in refused.value.message
    assert refused.value.fix
