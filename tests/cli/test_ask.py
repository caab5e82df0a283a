"""`audience-builder ask`: a sentence read in a terminal, with or without data."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.terminal import run

BASE = json.dumps(
    {"version": 1, "root": {"type": "condition", "filter": "membership_tier", "operator": ">=", "value": "gold"}}
)


def test_a_sentence_is_read_without_any_data(tmp_path: Path) -> None:
    ended = run("ask", "최근 30일 제주 검색 2회 이상, 쿠폰 쓴 사람", "--data", tmp_path / "none")
    assert ended.code == 0
    assert ended.out.splitlines()[0] == "이해한 것: 최근 30일간 제주 지역 검색이 2회 이상인 고객"
    assert "'쿠폰 쓴': 아직 물을 수 없습니다" in ended.out


def test_as_json_it_is_what_the_api_says(tmp_path: Path) -> None:
    found = run("ask", "women over 40 living in Busan", "--json", "--data", tmp_path / "none").said
    assert found["complete"] is True
    assert [child["filter"] for child in found["rule"]["root"]["children"]] == ["gender", "age", "activity_region"]


def test_a_rule_is_changed_by_a_sentence(tmp_path: Path) -> None:
    found = run("ask", "여성만 남겨줘", "--edit", BASE, "--json", "--data", tmp_path / "none").said
    assert [edit["operation"] for edit in found["edits"]] == ["add"]
    assert len(found["rule"]["root"]["children"]) == 2


def test_what_is_no_rule_is_told_in_a_sentence(tmp_path: Path) -> None:
    ended = run("ask", "여성만", "--edit", "{", "--data", tmp_path / "none")
    assert ended.code != 0
    assert "JSON" in ended.err
