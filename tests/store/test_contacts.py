"""Contacts lie sealed, are found without being read, shown masked, and opened one at a time for a reason."""

from __future__ import annotations

import random
import sqlite3
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from audience_builder.access import Permission, Principal, Role
from audience_builder.errors import DeniedError, InputError, LimitError, NotFoundError, PersonalDataError, SealedError
from audience_builder.store import AuditEntry
from audience_builder.store.contacts import SealedContact
from audience_builder.store.contacts_import import REFUSALS
from audience_builder.store.contacts_sealing import Contact
from audience_builder.store.contacts_vault import Limits
from tests.store.vault import ADMIN, DPO, MARKETER, NOW, REASON, Opened, opened, people

KIM = Contact(user_id="U1", name="홍길동", email="Kim.Jin@example.com", phone="010-1234-5678", push_token="fcm-1")
ONE = "user_id,name,email,phone,push_token\nU1,홍길동,Kim.Jin@example.com,010-1234-5678,fcm-1\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Opened]:
    with opened(tmp_path) as found:
        yield found


def newest(desk: Opened, count: int = 1) -> list[AuditEntry]:
    with desk.store.unit(ADMIN) as unit:
        return unit.trail.newest(count)


def test_what_was_taken_in_is_opened_for_who_may_and_says_why(desk: Opened) -> None:
    assert desk.take_in(ONE).kept == 1
    assert desk.vault.unmask(DPO, "U1", REASON) == KIM
    (entry,) = newest(desk)
    assert (entry.action, entry.principal, entry.object) == ("contacts.unmask", "dara", desk.sealing.user_ref("U1"))
    assert (entry.detail["reason"], entry.detail["found"]) == (REASON, True)


def test_only_the_fields_asked_for_are_opened(desk: Opened) -> None:
    desk.take_in(ONE)
    assert desk.vault.unmask(DPO, "U1", REASON, ["phone"]) == Contact(user_id="U1", phone="010-1234-5678")
    for wrong in ([], ["address"], ["data_key"], ["phone", "user_ref"]):
        with pytest.raises(InputError):
            desk.vault.unmask(DPO, "U1", REASON, wrong)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DPO])
def test_nobody_else_sees_anybody_in_clear(desk: Opened, role: Role) -> None:
    desk.take_in(ONE)
    principal = Principal("x", "X", frozenset({role}))
    for look in (
        lambda: desk.vault.unmask(principal, "U1", REASON),
        lambda: desk.vault.look_up(principal, "phone", "01012345678", REASON),
    ):
        with pytest.raises(DeniedError):
            look()


@pytest.mark.parametrize("reason", ["", "   ", "abc", "x" * 501, "010-1234-5678 고객 확인", "kim@example.com 문의"])
def test_without_a_reason_free_of_personal_data_nothing_is_opened(desk: Opened, reason: str) -> None:
    desk.take_in(ONE)
    with pytest.raises(InputError):
        desk.vault.unmask(DPO, "U1", reason)
    assert newest(desk)[0].action == "contacts.import"


def test_an_unmask_that_cannot_be_audited_shows_nothing(desk: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    from audience_builder.store.database import SqlUnit

    desk.take_in(ONE)
    monkeypatch.setattr(SqlUnit, "note", lambda *_, **__: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        desk.vault.unmask(DPO, "U1", REASON)
    with pytest.raises(OSError, match="disk full"):
        desk.vault.masked(MARKETER, ["U1"])


def test_members_are_shown_masked(desk: Opened) -> None:
    desk.take_in(ONE + "U2,,,,fcm-2\n")
    shown = desk.vault.masked(MARKETER, ["U2", "U1", "nobody", "U1"])
    kim = {"name": "홍*동", "email": "Ki*****@***", "phone": "010-****-5678", "push_token": "********"}
    assert shown == [{"name": None, "email": None, "phone": None, "push_token": "********"}, kim, None, kim]
    (entry,) = newest(desk)
    assert entry.detail == {"asked": 4, "known": 2}
    with pytest.raises(InputError, match="at most 1000"):
        desk.vault.masked(MARKETER, ["U1"] * 1001)
    with pytest.raises(DeniedError):
        desk.vault.masked(ADMIN, ["U1"])


@pytest.mark.parametrize(("column", "written"), [
    ("phone", "01012345678"), ("phone", "+82 10-1234-5678"), ("phone", "０１０ 1234 5678"), ("email", "kim.jin@EXAMPLE.com"), ("email", " Kim.Jin@example.com "),
])  # fmt: skip
def test_a_user_is_found_by_a_contact_however_it_is_written(desk: Opened, column: str, written: str) -> None:
    desk.take_in(people(50) + ONE.split("\n")[1])
    assert desk.vault.look_up(DPO, column, written, REASON) == ["U1"]
    entry = newest(desk)[0]
    assert (entry.action, entry.detail["refs"]) == ("contacts.look_up", [desk.sealing.user_ref("U1")])
    assert "1234" not in str(entry) or "5678" not in str(entry)
    assert desk.vault.look_up(DPO, "phone", "010-9999-9999", REASON) == []


def test_what_cannot_be_looked_up_is_refused(desk: Opened) -> None:
    for column, value in (("name", "홍길동"), ("phone", "1234"), ("email", "kim"), ("push_token", "fcm-1")):
        with pytest.raises(InputError):
            desk.vault.look_up(DPO, column, value, REASON)


def test_two_users_with_one_phone_are_both_found(desk: Opened) -> None:
    desk.take_in("user_id,phone\nA,010-1234-5678\nB,+821012345678\n")
    assert desk.vault.look_up(DPO, "phone", "01012345678", REASON) == ["A", "B"]


def test_a_day_allows_so_many_looks_and_the_next_day_begins_anew(tmp_path: Path) -> None:
    now = [NOW]
    with opened(tmp_path, limits=Limits(unmask=3, look_up=2), now=lambda: now[0]) as desk:
        desk.take_in(ONE)
        for _ in range(3):
            desk.vault.unmask(DPO, "U1", REASON)
        with pytest.raises(LimitError, match="3 times today"):
            desk.vault.unmask(DPO, "U1", REASON)
        for _ in range(2):
            desk.vault.look_up(DPO, "phone", "010-0000-0000", REASON)
        with pytest.raises(LimitError):
            desk.vault.look_up(DPO, "phone", "010-0000-0000", REASON)
        other = Principal("dora", "Dora", frozenset({Role.DPO}))
        assert desk.vault.unmask(other, "U1", REASON) == KIM
        now[0] += timedelta(days=1)
        assert desk.vault.unmask(DPO, "U1", REASON) == KIM


def test_a_user_never_taken_in_is_not_found_and_that_is_counted_and_noted(desk: Opened) -> None:
    with pytest.raises(NotFoundError):
        desk.vault.unmask(DPO, "nobody", REASON)
    assert newest(desk)[0].detail["found"] is False


# --- taking in -------------------------------------------------------------------------------------------------------------


def test_taking_in_again_changes_nothing_and_a_change_changes_one(desk: Opened) -> None:
    first = desk.take_in(people(30))
    before = desk.everybody()
    again = desk.take_in(people(30))
    assert (first.kept, again.kept, again.unchanged) == (30, 0, 30)
    assert desk.everybody() == before
    assert desk.take_in(people(30).replace("kim7@example.com", "lee7@example.com")).kept == 1


def test_columns_a_file_lacks_stay_and_empty_cells_forget(desk: Opened) -> None:
    desk.take_in(ONE)
    desk.take_in("회원번호;휴대폰\nU1;010-9999-0000\n")
    assert desk.vault.unmask(DPO, "U1", REASON) == replace(KIM, phone="010-9999-0000")
    desk.take_in('{"user_id": "U1", "name": null, "email": ""}\n')
    assert desk.vault.unmask(DPO, "U1", REASON) == replace(KIM, phone="010-9999-0000", name=None, email=None)
    assert desk.vault.look_up(DPO, "phone", "010-1234-5678", REASON) == []
    assert desk.vault.look_up(DPO, "email", "Kim.Jin@example.com", REASON) == []


def test_of_a_user_named_twice_in_a_file_the_last_row_holds(desk: Opened) -> None:
    report = desk.take_in("user_id,name\nU1,홍길동\nU2,김철수\nU1,홍길순\n")
    assert (report.kept, report.repeated) == (2, 1)
    assert desk.vault.unmask(DPO, "U1", REASON).name == "홍길순"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_korean_files_are_read_in_their_encodings(desk: Opened, encoding: str) -> None:
    desk.take_in("회원번호,이름,이메일,휴대폰\nU1,홍길동,hong@naver.com,010-1234-5678\n".encode(encoding))
    assert desk.vault.unmask(DPO, "U1", REASON).name == "홍길동"


BAD = "user_id,name,email,phone,push_token\n" + "\n".join((
    "U1,홍길동,not-an-address-홍길동,010-1234-5678,t", "U2,홍길동,kim@example.com,12-34,t", ",홍길동,kim@example.com,,", "kim@example.com,홍길동,,,",
    "010-1234-5678,홍길동,,,", "U5,홍길동,,", "U6,홍길동,,,,,", "U7,홍\x07길동,,,", f"U8,{'홍' * 201},,,", "U9,,,,one two",
    f"{'U' * 201},홍길동,,,", "U10,정상,,,",
))  # fmt: skip


def test_rows_that_cannot_be_used_are_refused_with_line_code_and_column_alone(desk: Opened) -> None:
    report = desk.take_in(BAD)
    assert report.kept == 1
    assert report.refused == [
        (2, "no_email", "email"), (3, "no_phone", "phone"), (4, "no_user", "user_id"), (5, "contact_as_id", "user_id"),
        (6, "contact_as_id", "user_id"), (7, "column_count", ""), (8, "column_count", ""), (9, "bad_bytes", "name"),
        (10, "too_long", "name"), (11, "no_token", "push_token"), (12, "too_long", "user_id"),
    ]  # fmt: skip
    assert report.read == 12 == report.kept + sum(report.reasons.values())
    assert set(report.reasons) <= set(REFUSALS)


def test_lines_of_json_are_refused_one_by_one(desk: Opened) -> None:
    lines = ['{"user_id": "U1", "name": "홍길동"}', "[1]", "{broken", '{"user_id": "U2", "name": 7}', '{"name": "홍"}', "",
             '{"user_id": "U3", "name": "' + "x" * 70_000 + '"}', '{"user_id": "U4", "phone": "010-1234-5678", "extra": {"a": 1}}']  # fmt: skip
    report = desk.take_in("\n".join(lines))
    assert (report.kept, report.reasons) == (2, {"no_json": 2, "no_text": 1, "no_user": 1, "too_long": 1})
    assert [line for line, _, _ in report.refused] == [2, 3, 4, 5, 7]


@pytest.mark.parametrize("text", ["", "name,email\n홍길동,kim@example.com\n", "user_id\nU1\n", "user_id,id,name\n1,2,3\n",
                                  'user_id,name\nU1,"홍길동\n' + "U2,김철수\n" * 20_000, "user_id,name\nU1," + "x" * 70_000])  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_without_repeating_it(desk: Opened, text: str) -> None:
    with pytest.raises(InputError) as caught:
        desk.take_in(text)
    assert not any(part in caught.value.message for part in ("홍길동", "kim", "xxx"))


def test_a_large_file_is_taken_in_within_little_memory(desk: Opened) -> None:
    text = people(6_000).encode()
    path = desk.folder / "big.csv"
    path.write_bytes(text)
    from audience_builder.store.contacts_import import read_contacts

    desk.vault.take_in(ADMIN, iter(list(read_contacts(path))[:10]), lambda read: None)
    tracemalloc.start()
    rows = 0
    for _ in read_contacts(path):
        rows += 1
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows == 6_000
    assert peak < 1 << 20


def test_only_who_loads_data_may_take_contacts_in(desk: Opened) -> None:
    for principal in (MARKETER, DPO):
        assert not principal.may(Permission.LOAD_DATA)
        with pytest.raises(DeniedError):
            desk.vault.take_in(principal, iter([]), lambda read: None)


# --- at rest ---------------------------------------------------------------------------------------------------------------


def test_nothing_of_a_contact_lies_readable_in_any_file(desk: Opened) -> None:
    desk.take_in(people(200))
    content = b"".join(path.read_bytes() for path in sorted(desk.folder.rglob("*")) if path.is_file())
    for n in (0, 7, 199):
        for value in (f"홍길동{n}", f"kim{n}@example.com", f"010-0000-{n:04}", f"0100000{n:04}", f"token{n}x"):
            assert value.encode() not in content
    assert b"contact" in content  # the files were looked at


def test_no_two_values_share_a_nonce_or_a_key(desk: Opened) -> None:
    desk.take_in(
        "user_id,name,email,phone,push_token\n"
        + "".join(f"U{n},같은이름,same@example.com,010-1234-5678,t\n" for n in range(400))
    )
    rows = sealed_rows(desk)
    cells = [
        cell
        for row in rows
        for cell in (row.user_id, row.name, row.email, row.phone, row.push_token, row.data_key)
        if cell
    ]
    assert len({cell[1:13] for cell in cells}) == len(cells) == 2_400
    assert len({row.email_index for row in rows}) == 1  # equality is what a blind index tells, and all it tells


def sealed_rows(desk: Opened) -> list[SealedContact]:
    with desk.store.unit(ADMIN) as unit:
        return [row for _, row in unit.contacts.behind(data=1 << 30, after=0, limit=1 << 30)]


def test_ten_thousand_rows_swapped_cut_flipped_or_moved_are_all_refused(desk: Opened) -> None:
    desk.take_in(people(300))
    chance, rows, columns = (
        random.Random(11),
        sealed_rows(desk),
        ("user_id", "name", "email", "phone", "push_token", "data_key"),
    )
    for number in range(10_000):
        row, other = chance.sample(rows, 2)
        column, another = chance.sample(columns, 2)
        with pytest.raises(SealedError):
            desk.sealing.opened(damaged(number % 7, row, other, (column, another), chance))


def damaged(
    kind: int, row: SealedContact, other: SealedContact, columns: tuple[str, str], chance: random.Random
) -> SealedContact:
    column, another = columns
    cell: bytes = getattr(row, column)
    return (
        replace(row, **{column: getattr(other, column)}),
        replace(row, **{column: getattr(row, another)}),
        replace(row, **{column: cell[: chance.randrange(len(cell))]}),
        replace(row, **{column: flipped(cell, chance)}),
        replace(row, user_ref=other.user_ref),
        replace(row, data_version=row.data_version + 1),
        replace(other, user_ref=row.user_ref, data_key=row.data_key),
    )[kind]


def flipped(cell: bytes, chance: random.Random) -> bytes:
    changed = bytearray(cell)
    changed[chance.randrange(len(cell))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def test_a_row_changed_behind_our_back_is_refused_and_nothing_is_shown(desk: Opened) -> None:
    desk.take_in(people(2))
    with sqlite3.connect(desk.folder / "store.sqlite") as raw:
        refs = [desk.sealing.user_ref(user) for user in ("U0", "U1")]
        raw.execute(
            "UPDATE contact SET phone = (SELECT phone FROM contact WHERE user_ref = ?) WHERE user_ref = ?", refs
        )
    raw.close()
    with pytest.raises(SealedError):
        desk.vault.unmask(DPO, "U1", REASON)
    with pytest.raises(SealedError):
        desk.vault.masked(MARKETER, ["U0", "U1"])


def test_an_index_changed_behind_our_back_finds_nobody_wrong(desk: Opened) -> None:
    desk.take_in(people(2))
    with sqlite3.connect(desk.folder / "store.sqlite") as raw:
        refs = [desk.sealing.user_ref(user) for user in ("U0", "U1")]
        raw.execute(
            "UPDATE contact SET phone_index = (SELECT phone_index FROM contact WHERE user_ref = ?) WHERE user_ref = ?",
            refs,
        )
    raw.close()
    assert desk.vault.look_up(DPO, "phone", "010-0000-0000", REASON) == ["U0"]


def test_the_store_opens_only_with_its_own_master_key(tmp_path: Path) -> None:
    with opened(tmp_path) as desk:
        desk.take_in(ONE)
    key = tmp_path / "keys" / "master.json"
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(InputError, match="missing"), opened(tmp_path):
        pass
    (tmp_path / "other").mkdir()
    with opened(tmp_path / "other"):
        pass
    key.write_bytes((tmp_path / "other" / "keys" / "master.json").read_bytes())
    key.chmod(0o600)
    with pytest.raises(SealedError), opened(tmp_path):
        pass
    key.write_bytes(kept)
    with opened(tmp_path) as desk:
        assert desk.vault.unmask(DPO, "U1", REASON) == KIM


def test_a_reason_with_a_contact_in_it_says_where_but_not_what(desk: Opened) -> None:
    with pytest.raises(PersonalDataError) as caught:
        desk.vault.unmask(DPO, "U1", "문의 kim@example.com")
    assert "kim" not in caught.value.message
