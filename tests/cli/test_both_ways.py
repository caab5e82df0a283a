"""Every verb says the same whether it opens the data itself or asks the server that has it open."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from audience_builder.cli.socket_file import is_alive
from tests.apply.waiting import until
from tests.audience.small import DAYS, END, GOLD, SEED, USERS, WOMEN, rule_json
from tests.cli.terminal import run

RULE = json.dumps(rule_json(WOMEN, GOLD))
AS_OF = ("--as-of", "2026-11-20")
VOLATILE = {"elapsed_ms", "sized_at", "id", "next", "created_at", "updated_at", "archived_at", "at", "owner", "file"}


def steady(said: Any) -> Any:
    """What was said without what differs from time to time."""
    if isinstance(said, dict):
        return {key: steady(value) for key, value in said.items() if key not in VOLATILE}
    return [steady(each) for each in said] if isinstance(said, list) else said


VERBS: dict[str, tuple[str, ...]] = {
    "count": ("count", RULE, *AS_OF),
    "facets": ("facets", RULE, *AS_OF),
    "facets of everybody": ("facets", "--filter", "gender", "--filter", "age", *AS_OF),
    "members": ("members", RULE, "--limit", "7", *AS_OF),
    "why": ("why", RULE, "--user", "U0000000003", *AS_OF),
    "sample": ("sample", "--users", str(USERS), "--days", str(DAYS), "--seed", str(SEED), "--end", str(END)),
    "save": ("audience", "save", "여성 골드", RULE, "--tag", "a", "--description", "d"),
    "save a version": ("audience", "save", "여성 골드", RULE, "--expected-version", "1", "--note", "again"),
    "save over somebody": ("audience", "save", "여성 골드", RULE, "--expected-version", "1"),
    "save a taken name": ("audience", "save", "여성 골드", RULE),
    "list": ("audience", "list"),
    "count an audience": ("count", "--audience", "여성 골드", *AS_OF),
    "archive": ("audience", "archive", "여성 골드"),
    "show what is not there": ("audience", "show", "여성 골드"),
    "list the archived": ("audience", "list", "--archived"),
    "count a wrong rule": ("count", RULE.replace("gender", "gendr")),
    "why nobody": ("why", RULE, "--user", "nobody"),
    "no such filter": ("facets", "--filter", "colour"),
    "another sample": ("sample", "--users", "10"),
    "no such map": ("import", "--map", "nothing", "nothing.csv"),
    "no such moment": ("count", RULE, "--as-of", "soon"),
    "no such cursor": ("members", RULE, "--cursor", "x"),
    "no such column": ("export", RULE, "--purpose", "p", "--column", "push_token", "--out", "x.csv"),
}


def test_one_directory_is_served_and_the_other_is_not(local: Path, served: Path) -> None:
    assert (is_alive(local / "serve.sock"), is_alive(served / "serve.sock")) == (False, True)


@pytest.mark.parametrize("words", VERBS.values(), ids=VERBS.keys())
def test_a_verb_says_the_same_both_ways(local: Path, served: Path, words: tuple[str, ...]) -> None:
    here, there = (run(*words, "--data", folder, "--json") for folder in (local, served))
    assert here.code == there.code, (here.err, there.err)
    if here.code:
        assert here.out == there.out == ""
        assert steady(here.problem) == steady(there.problem)
    else:
        assert here.err == there.err
        assert steady(here.said) == steady(there.said)


@pytest.mark.parametrize("words", VERBS.values(), ids=VERBS.keys())
def test_and_the_same_to_a_reader(local: Path, served: Path, words: tuple[str, ...]) -> None:
    here, there = (run(*words, "--data", folder) for folder in (local, served))
    assert here.code == there.code
    assert len(here.out.splitlines()) == len(there.out.splitlines())
    assert "Traceback" not in here.err + there.err
    if here.code:
        assert here.err == there.err
        assert here.err.startswith("error: ")


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_is_the_same_file_both_ways(local: Path, served: Path, tmp_path: Path, form: str) -> None:
    words = ("export", RULE, "--purpose", "발송", "--column", "age_band", "--column", "gender", *AS_OF, "--json")
    files = [tmp_path / f"{name}.{form}" for name in ("here", "there")]
    here, there = (
        run(*words, "--data", folder, "--out", file) for folder, file in zip((local, served), files, strict=True)
    )
    assert (here.code, there.code) == (0, 0)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert here.said["digest"] == there.said["digest"]
    assert here.said["count"] == run("count", RULE, *AS_OF, "--json", "--data", local).said["count"]
    assert oct(files[0].stat().st_mode & 0o777) == oct(0o600)


def test_an_exported_audience_has_exactly_its_members(data: Path, tmp_path: Path) -> None:
    run("audience", "save", "수출", RULE, "--data", data)
    file = tmp_path / "out.csv"
    ended = run("export", "--audience", "수출", "--purpose", "p", "--bom", "--out", file, *AS_OF, "--data", data)
    assert ended.code == 0
    assert "approved by policy:pseudonymous-columns" in ended.out
    with file.open(encoding="utf-8-sig", newline="") as content:
        ids = [row["user_id"] for row in csv.DictReader(content)]
    assert (
        ids
        == run("members", "--audience", "수출", "--limit", "1000", "--json", *AS_OF, "--data", data).said["user_ids"]
    )


SHOP = """Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country
536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536367,84879,BIRD,32,2010-12-01 08:34:00,1.69,,United Kingdom
"""


def test_an_import_is_counted_at_once_and_rejects_are_told(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "shop.csv"
    file.write_text(SHOP, encoding="utf-8")
    before = run("count", RULE, "--json", "--data", data).said
    ended = run("import", "--map", "online_retail_ii", file, "--data", data, "--json")
    assert ended.code == 0
    assert (ended.said["applied"], ended.said["reasons"]) == (1, {"no_user": 1})
    rejects = Path(ended.said["files"][0]["rejects"])
    assert rejects.parent.resolve() == (data / "rejects").resolve()
    after = run("count", RULE, "--json", "--data", data).said
    assert (after["base"], after["mart_version"]) == (before["base"] + 1, before["mart_version"] + 1)
    again = run("import", "--map", "online_retail_ii", file, "--data", data)
    assert "imported before, nothing changed" in again.out


def test_the_next_page_begins_where_the_last_one_ended(data: Path) -> None:
    first = run("members", RULE, "--limit", "5", "--data", data)
    cursor = first.err.removeprefix("more: --cursor ").strip()
    second = run("members", RULE, "--limit", "5", "--cursor", cursor, "--data", data)
    assert not set(first.out.split()) & set(second.out.split())
    assert len(first.out.split()) == len(second.out.split()) == 5


def test_who_entered_and_left_is_told_with_the_reason(data: Path, tmp_path: Path) -> None:
    searched = {"type": "condition", "filter": "search_region", "operator": ">=", "value": 1,
                "window": {"type": "last", "n": 1, "unit": "day"}, "properties": {"region": ["jeju"]}}  # fmt: skip
    run("audience", "save", "오간 사람", json.dumps({"version": 1, "root": searched}), "--data", data)
    for turn in range(2):
        file = tmp_path / f"{turn}.ndjson"
        at = datetime.now(UTC).isoformat()
        lines = [
            {"id": f"{turn}{user}", "user_id": f"U{user:010d}", "kind": "search", "at": at, "place": "jeju"}
            for user in range(1 + 100 * turn, 100 + 100 * turn)
        ]
        file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        assert run("collect", file, "--data", data).code == 0
    until(lambda: (run("audience", "movements", "오간 사람", "--data", data, "--json").said["entered"] or 0) > 50)
    found = run("audience", "movements", "오간 사람", "--data", data, "--json").said
    assert [each["cause"] for each in found["causes"]] == ["behaviour"]
    said = run("audience", "movements", "오간 사람", "--by", "hour", "--days", "2", "--data", data).out
    assert f"behaviour +{found['entered']} -0" in said
    assert run("audience", "movements", "오간 사람", "--by", "week", "--data", data).code
