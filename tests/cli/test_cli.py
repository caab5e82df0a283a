"""The command line: readable, quick to start, and never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer

from audience_builder.cli import APP
from audience_builder.cli.problem import EXIT_CODES
from audience_builder.cli.show import table
from audience_builder.cli.socket_file import short
from audience_builder.errors import InputError
from tests.audience.small import GOLD, WOMEN, rule_json
from tests.cli.terminal import Ended, run, spawn

RULE = json.dumps(rule_json(WOMEN, GOLD))


def verbs(app: typer.Typer = APP, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [(*before, str(command.name)) for command in app.registered_commands]
    for group in app.registered_groups:
        assert group.typer_instance is not None
        found += verbs(group.typer_instance, (*before, str(group.name)))
    return found


def test_the_verbs_are_those_of_the_product() -> None:
    assert {" ".join(words) for words in verbs()} == {
        "catalog", "sample", "import", "ask", "count", "facets", "members", "why", "export", "serve", "demo",
        "audience save", "audience list", "audience show", "audience movements", "audience archive", "audience restore",
        "account create", "account list", "account roles", "account disable", "account enable", "account password",
        "token create", "token list", "token revoke", "key create", "key list", "key revoke",
        "contacts import", "contacts show", "contacts unmask", "keys status", "keys rotate", "erase", "rejects", "collect", "dead-letters", "capture",
        "audit list", "audit who-saw", "audit exports", "audit checkpoint", "audit verify",
    }  # fmt: skip


@pytest.mark.parametrize("words", verbs(), ids=" ".join)
def test_every_verb_is_explained_with_an_example(words: tuple[str, ...]) -> None:
    ended = run(*words, "--help")
    assert ended.code == 0
    assert f"audience-builder {' '.join(words)}" in ended.out.partition("Example:")[2]
    assert any("가" <= letter <= "힣" for letter in ended.out)


def test_help_comes_at_once() -> None:
    def seconds() -> float:
        begun = time.perf_counter()
        assert spawn("--help").code == 0
        return time.perf_counter() - begun

    spawn("--help")  # compiles what was never compiled
    assert min(seconds() for _ in range(3)) < 1.0  # 0.3 s on an idle machine


def test_help_loads_nothing_slow() -> None:
    code = "import sys; import audience_builder.cli; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert not loaded & {"numba", "numpy", "duckdb", "sqlalchemy", "fastapi", "httpx", "pydantic", "uvicorn", "sqlglot"}


# --- rules --------------------------------------------------------------------------------------------------------------


def test_a_rule_comes_from_a_file_from_stdin_or_as_it_stands(local: Path, tmp_path: Path) -> None:
    file = tmp_path / "rule.json"
    file.write_text(RULE, encoding="utf-8")
    ways = [
        run("count", file, "--data", local, "--json"),
        run("count", "-", "--data", local, "--json", stdin=RULE.encode()),
        run("count", RULE, "--data", local, "--json"),
    ]
    assert [ended.code for ended in ways] == [0, 0, 0]
    assert len({str(ended.said["nodes"]) for ended in ways}) == 1


def test_a_count_is_printed_for_people_and_for_programs(local: Path) -> None:
    said = run("count", RULE, "--data", local, "--json").said
    assert {"count", "as_of", "nodes", "elapsed_ms"} <= set(said)
    printed = run("count", RULE, "--data", local).out.splitlines()
    assert printed[0].startswith(f"{said['count']:,} of {said['base']:,} users")
    assert "KST" in printed[0]
    assert [line.split()[0] for line in printed[1:]] == list(said["nodes"])


BAD_RULES = {
    "no file": b"/nowhere/rule.json",
    "no json": b"{",
    "json that is no rule": b"[]",
    "nested without end": b"[" * 100_000,
    "a number": b'{"root": 7}',
}


@pytest.mark.parametrize("text", BAD_RULES.values(), ids=BAD_RULES.keys())
def test_a_rule_that_is_none_is_bad_input(local: Path, text: bytes) -> None:
    for ended in (run("count", text.decode(), "--data", local), run("count", "-", "--data", local, stdin=text)):
        _is_readable(ended, 2)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"\xed\xa0\x80", b"[" * 1_000_000, b" " * 3_000_000])
def test_a_file_that_holds_no_rule_is_bad_input(local: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rule.json"
    file.write_bytes(content)
    _is_readable(run("count", file, "--data", local), 2)


def test_a_directory_is_no_rule(local: Path) -> None:
    _is_readable(run("count", local, "--data", local), 2)


@pytest.mark.parametrize(
    "words", [("count",), ("count", RULE, "--audience", "a"), ("members",), ("why", "--user", "U1")]
)
def test_exactly_one_of_rule_and_audience_is_named(local: Path, words: tuple[str, ...]) -> None:
    ended = run(*words, "--data", local)
    _is_readable(ended, 2)
    assert "--audience" in ended.err


# --- what goes wrong ----------------------------------------------------------------------------------------------------


def _is_readable(ended: Ended, code: int) -> None:
    assert ended.code == code, ended.err
    assert ended.out == ""
    assert ended.err.startswith("error: ")
    assert len(ended.err.splitlines()) >= 2  # what, and what to do
    assert "Traceback" not in ended.err


def test_a_wrong_rule_is_told_with_places_and_fixes(local: Path) -> None:
    wrong = json.dumps(rule_json({**WOMEN, "filter": "gendr"}, {**GOLD, "value": "golden"}))
    ended = run("count", wrong, "--data", local)
    _is_readable(ended, 2)
    assert "/root/children/0/filter: no filter 'gendr' · did you mean gender?" in ended.err
    assert "/root/children/1/value" in ended.err


def test_with_json_a_problem_is_an_object_on_stderr(local: Path) -> None:
    ended = run("count", RULE.replace("gender", "gendr"), "--data", local, "--json")
    assert (ended.code, ended.out, ended.problem["code"]) == (2, "", "rule_invalid")
    assert ended.problem["problems"][0]["pointer"] == "/root/children/0/filter"


def test_where_there_is_no_data_it_is_said_how_to_make_some(new: Path) -> None:
    ended = run("count", RULE, "--data", new)
    _is_readable(ended, 3)
    assert "audience-builder sample" in ended.err
    assert not new.exists()


def test_what_is_not_there_is_not_found(local: Path) -> None:
    _is_readable(run("audience", "show", "nobody", "--data", local), 3)
    _is_readable(run("why", RULE, "--user", "nobody", "--data", local), 3)
    ended = run("catalog", "serch_region")
    _is_readable(ended, 3)
    assert "did you mean search_region?" in ended.err


def test_who_may_not_is_denied(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIENCE_BUILDER_ROLES", "viewer")
    ended = run("members", RULE, "--data", local)
    _is_readable(ended, 4)
    assert "marketer" in ended.err


def test_conflicts_and_busy_data_end_alike(local: Path) -> None:
    assert run("audience", "save", "conflict", RULE, "--data", local).code == 0
    _is_readable(run("audience", "save", "conflict", RULE, "--data", local), 5)


def test_every_kind_of_problem_has_an_exit_code() -> None:
    assert set(EXIT_CODES.values()) == {2, 3, 4, 5}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("LANGUAGE", "fr"),
        ("ROLES", "king"),
        ("CACHE_MB", "0"),
        ("APPROVAL", "nobody"),
        ("WORKERS", "-1"),
    ],
)
def test_a_setting_that_cannot_be_is_told_by_its_name(
    local: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"AUDIENCE_BUILDER_{name}", value)
    ended = run("count", RULE, "--data", local)
    assert ended.code == 2
    assert f"AUDIENCE_BUILDER_{name}" in ended.err


def test_the_data_directory_may_be_set_in_the_environment(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIENCE_BUILDER_DATA", str(local))
    assert run("count", RULE).code == 0


def test_people_are_told_the_split_in_the_language_that_is_set(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "여성" in run("facets", "--filter", "gender", "--data", local).out
    monkeypatch.setenv("AUDIENCE_BUILDER_LANGUAGE", "en")
    said = run("facets", "--filter", "gender", "--data", local).out
    assert "Female" in said
    assert "여성" not in said


def test_a_mistake_of_ours_is_told_without_a_traceback(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division")

    monkeypatch.setattr("audience_builder.cli.count.ask", fail)
    _is_readable(run("count", RULE, "--data", local), 1)


def test_not_even_where_the_mistake_is_deep_inside(own: Path) -> None:
    patch = (
        "import audience_builder.audience.live as live, audience_builder.cli as cli\n"
        "live.LiveEngine.count = lambda *a, **k: 1 / 0\n"
        "cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", patch, "count", RULE, "--data", str(own)], capture_output=True, text=True, check=False
    )
    _is_readable(Ended(done.returncode, done.stdout, done.stderr), 1)


def test_a_file_is_no_data_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    _is_readable(run("sample", "--users", "5", "--data", tmp_path / "file"), 2)


@pytest.mark.parametrize("words", [("count", "--colour"), ("nothing",), ("sample", "--users", "0"), ("why", RULE)])
def test_wrong_usage_ends_with_2(words: tuple[str, ...]) -> None:
    ended = run(*words)
    assert ended.code == 2
    assert "Traceback" not in ended.err


def test_a_failed_import_says_why(local: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"\x00\x01\xff")
    _is_readable(run("import", "--map", "online_retail_ii", file, "--data", local), 2)
    _is_readable(run("import", "--map", "online_retail_ii", tmp_path / "nowhere.csv", "--data", local), 2)


def test_a_reader_who_stops_early_gets_no_complaint(local: Path) -> None:
    command = [sys.executable, "-m", "audience_builder", "catalog", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


# --- showing ------------------------------------------------------------------------------------------------------------


def test_hangul_is_two_cells_wide() -> None:
    assert table([["제주", "1"], ["Jeju", "20"]], right=frozenset({1})) == ["제주   1", "Jeju  20"]
    assert table([]) == []


def test_the_catalog_needs_no_data() -> None:
    listed = run("catalog")
    assert (listed.code, len(listed.out.splitlines())) == (0, 32)
    assert run("catalog", "gender", "--json").said["options"] == "gender"
    assert "검색" in run("catalog", "search_region").out


def test_a_path_too_long_for_a_socket_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too long"):
        short(tmp_path / ("x" * 120) / "serve.sock")
