"""The list of seeded faults cannot rot, and what a run found is told truly."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tools.mutants.fault import BadFaultError, Fault
from tools.mutants.faults import FAULTS
from tools.mutants.page import page, share_killed
from tools.mutants.reasons import REASONS
from tools.mutants.results import Results
from tools.mutants.witness import law_of
from tools.mutants.workspace import Outcome

PRODUCT = Path(__file__).resolve().parents[2] / "audience_builder"
KILLED = Outcome("killed", "test_logic_is_logic", "3", 4.2, "AssertionError: …")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_finds_its_text_once_and_changes_what_the_file_says(fault: Fault) -> None:
    text = (PRODUCT / fault.file).read_text(encoding="utf-8")
    wrong = fault.seeded(text)
    assert wrong != text
    assert fault.after in wrong


def test_faults_have_names_of_their_own_and_reasons_name_faults() -> None:
    assert [name for name, times in Counter(fault.name for fault in FAULTS).items() if times > 1] == []
    assert set(REASONS) <= {fault.name for fault in FAULTS}


def test_faults_lie_in_both_engines_the_index_and_the_mart() -> None:
    folders = Counter(fault.file.split("/", maxsplit=1)[0] for fault in FAULTS)
    assert set(folders) == {"engine", "index", "mart"}
    assert len(FAULTS) >= 60
    assert all("calendar" not in fault.file and not fault.file.startswith("rule/") for fault in FAULTS)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("total = 2", "total = 1", "0 times"),
        ("= 1", "= 2", "2 times"),
        ("total = 1", "total = 1", "changes nothing"),
        ("total = 1", "total  =  1  # more", "changes nothing"),
        ("total = 1", "total = (", "could not be read"),
    ],
)
def test_a_fault_that_cannot_be_seeded_is_refused(before: str, after: str, said: str) -> None:
    text = "total = 1\n" if said != "2 times" else "total = 1\nmore = 1\n"
    with pytest.raises(BadFaultError, match=said):
        Fault("f", "a.py", before, after).seeded(text)


def test_a_fault_in_sql_that_only_changes_its_layout_is_refused() -> None:
    text = "SELECT a FROM t WHERE b <= 1"
    assert Fault("f", "a.sql", "<=", "<").seeded(text).endswith("b < 1")
    with pytest.raises(BadFaultError, match="changes nothing"):
        Fault("f", "a.sql", "b <= 1", "b   <=   1").seeded(text)
    with pytest.raises(BadFaultError, match="could not be read"):
        Fault("f", "a.sql", "b <= 1", "b <= (").seeded(text)


def _tree(root: Path) -> Path:
    (root / "audience_builder" / "engine").mkdir(parents=True)
    (root / "tests" / "laws").mkdir(parents=True)
    (root / "audience_builder" / "engine" / "a.py").write_text("total = 1\n", encoding="utf-8")
    (root / "tests" / "laws" / "test_laws.py").write_text("", encoding="utf-8")
    return root


def test_outcomes_are_kept_until_the_fault_its_file_or_the_laws_change(tmp_path: Path) -> None:
    root, place = _tree(tmp_path), tmp_path / "kept" / "mutants.json"
    fault = Fault("f", "engine/a.py", "1", "2")
    Results(place, root=root).keep(fault, KILLED)
    assert Results(place, root=root).of(fault) == KILLED
    assert Results(place, root=root).of(Fault("f", "engine/a.py", "1", "3")) is None
    (root / "tests" / "laws" / "people.py").write_text("more = True\n", encoding="utf-8")
    assert Results(place, root=root).of(fault) is None
    (root / "tests" / "laws" / "people.py").unlink()
    (root / "audience_builder" / "engine" / "a.py").write_text("total = 1 + 0\n", encoding="utf-8")
    assert Results(place, root=root).of(fault) is None


def test_a_law_that_comes_takes_back_no_kill_but_lets_a_survivor_be_tried_again(tmp_path: Path) -> None:
    root, place = _tree(tmp_path), tmp_path / "kept" / "mutants.json"
    (root / "tests" / "laws" / "test_laws.py").write_text(f"def {KILLED.law}(): ...\n", encoding="utf-8")
    killed, survived = Fault("k", "engine/a.py", "1", "2"), Fault("s", "engine/a.py", "1", "3")
    Results(place, root=root).keep(killed, KILLED)
    Results(place, root=root).keep(survived, Outcome("survived"))
    (root / "tests" / "laws" / "test_more.py").write_text("def test_more(): ...\n", encoding="utf-8")
    assert Results(place, root=root).of(killed) == KILLED
    assert Results(place, root=root).of(survived) is None
    (root / "tests" / "laws" / "test_laws.py").write_text(f"def {KILLED.law}(): pass\n", encoding="utf-8")
    assert Results(place, root=root).of(killed) is None


def test_only_a_law_kills() -> None:
    faults = [Fault(name, "engine/a.py", "1", "2") for name in ("killed", "crashed", "survived", "waiting")]
    found = dict(zip(faults, (KILLED, Outcome("crashed"), Outcome("survived"), None), strict=True))
    assert share_killed(found) == 0.25
    text = page(found)
    assert "4 faults: 1 crashed, 1 killed, 1 not tried, 1 survived. 25.0 % killed." in text
    assert "| killed | `engine/a.py` | logic is logic [3] | 4 |" in text
    assert "| survived | `engine/a.py` | survived | not explained |" in text
    assert "| waiting | `engine/a.py` | not tried | |" in text


def test_a_law_is_named_without_its_file_and_parameters() -> None:
    assert law_of("tests/laws/test_laws.py::test_logic_is_logic[3]") == "test_logic_is_logic"
    assert law_of("tests/laws/test_laws.py::test_once") == "test_once"
