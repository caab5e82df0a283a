"""What goes in and out about contacts, keys and erasure."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from audience_builder.audience.erasing import Erased, Known
from audience_builder.store.contacts_rotation import KeyStatus
from audience_builder.store.contacts_sealing import Contact
from audience_builder.store.contacts_vault import MOST_MASKED, Masked

UserId = Annotated[str, Field(min_length=1, max_length=200, examples=["U0000000302"])]
Reason = Annotated[
    str,
    Field(min_length=5, max_length=500, description="Kept in the audit trail; without personal data.", examples=["열람 요청 처리"]),
]  # fmt: skip
FieldName = Literal["name", "email", "phone", "push_token"]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class MaskedForm(_In):
    """Whose masked contacts: a page of members."""

    user_ids: Annotated[list[UserId], Field(min_length=1, max_length=MOST_MASKED)]


class UnmaskForm(_In):
    """Whose contacts in clear, and why."""

    user_id: UserId
    reason: Reason
    fields: Annotated[list[FieldName], Field(min_length=1, max_length=4)] = ["name", "email", "phone", "push_token"]


class LookUpForm(_In):
    """Whoever has this e-mail address or phone number, and why they are looked for."""

    by: Literal["email", "phone"]
    value: Annotated[str, Field(min_length=1, max_length=254)]
    reason: Reason


class ContactImportForm(_In):
    """Files of the machine the server runs on."""

    files: Annotated[list[str], Field(min_length=1, max_length=1000)]


class EraseForm(_In):
    """Whom to erase and why. Without `confirm` it only says what would be erased."""

    user_id: UserId
    reason: Reason
    confirm: bool = False


class RotateForm(_In):
    """Which keys are made anew. `destroy_old` destroys the older master keys in the end, and with them every older backup."""

    data: bool = False
    destroy_old: bool = False


class MaskedAnswer(_Out):
    """One user's contacts, masked; null where a field (or everything, `known` false) is not known."""

    user_id: str
    known: bool
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    push_token: str | None = None

    @classmethod
    def of(cls, user_id: str, masked: Masked | None) -> MaskedAnswer:
        """The contacts as they are told."""
        return cls(user_id=user_id, known=masked is not None, **(masked or {}))


class MaskedAnswers(_Out):
    """Masked contacts in the order asked for."""

    contacts: list[MaskedAnswer]


class ContactAnswer(_Out):
    """One user's contacts in clear: only the fields asked for."""

    user_id: str
    name: str | None
    email: str | None
    phone: str | None
    push_token: str | None

    @classmethod
    def of(cls, contact: Contact) -> ContactAnswer:
        """The contacts as they are told."""
        return cls(**asdict(contact))


class LookUpAnswer(_Out):
    """The ids of who has that contact."""

    user_ids: list[str]


class EraseAnswer(_Out):
    """What was erased, or (`erased` false) would be. There is no undo."""

    erased: bool
    user_ref: Annotated[str, Field(description="What the user is called in the audit trail.")]
    contacts: bool
    travelled: bool
    already_erased: bool
    rows: Annotated[dict[str, int], Field(description="Rows that went, by table.")] = {}
    undo: str = "never: the keys and rows are destroyed, and the id is refused for ever (되돌릴 수 없습니다)"

    @classmethod
    def before(cls, known: Known) -> EraseAnswer:
        """What would be erased."""
        return cls(
            erased=False,
            user_ref=known.user_ref,
            contacts=known.contacts,
            travelled=known.travelled,
            already_erased=known.already_erased,
        )

    @classmethod
    def after(cls, erased: Erased) -> EraseAnswer:
        """What was erased."""
        return cls(
            erased=True,
            user_ref=erased.user_ref,
            contacts=erased.contacts,
            travelled=any(erased.rows.values()),
            already_erased=erased.already_erased,
            rows=dict(erased.rows),
        )


class KeysAnswer(_Out):
    """Which keys there are and how far a rotation is; of keys only their versions are told."""

    master: Annotated[int, Field(description="The version of the master key that wraps.")]
    old_masters: Annotated[list[int], Field(description="Versions that wrap nothing any more.")]
    versions: Annotated[dict[str, list[int]], Field(description="The versions kept of each service key.")]
    contacts: int
    to_rewrap: Annotated[int, Field(description="Contacts whose data key is still wrapped by an older key.")]
    to_reseal: Annotated[int, Field(description="Contacts that still have an older data key and blind index.")]
    rotating: bool

    @classmethod
    def of(cls, status: KeyStatus) -> KeysAnswer:
        """The keys as they are told."""
        return cls(
            master=status.master,
            old_masters=list(status.old_masters),
            versions={purpose: list(versions) for purpose, versions in status.versions.items()},
            contacts=status.contacts,
            to_rewrap=status.to_rewrap,
            to_reseal=status.to_reseal,
            rotating=status.is_rotating,
        )
