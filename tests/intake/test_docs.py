"""docs/import.md names all there is to say in a map, and all a row can be refused for."""

from __future__ import annotations

from pathlib import Path

import pytest

from audience_builder.intake import Reason, load_map, shipped_maps
from audience_builder.intake.map_file import ImportMap
from audience_builder.intake.reason import SAYS
from audience_builder.intake.target import TARGETS
from audience_builder.intake.vocabulary import STATES

DOC = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


def test_every_reason_has_its_sentence_and_its_line() -> None:
    assert set(SAYS) == set(Reason)
    assert [reason for reason in Reason if f"| `{reason}` |" not in DOC] == []


def test_every_target_and_state_is_named() -> None:
    assert [name for targets in TARGETS.values() for name in targets if f"`{name}`" not in DOC] == []
    assert [state for state in STATES if f"`{state}`" not in DOC] == []


def test_every_section_and_key_of_a_map_is_named() -> None:
    schema = ImportMap.model_json_schema()
    sections = {key: f"`[{key}]`" for key in schema["properties"] if f"`[{key}]`" in DOC}
    assert set(schema["properties"]) - set(sections) == {"kind", "name", "says", "derive_users"}
    keys = [key for section in schema["$defs"].values() for key in section["properties"]]
    assert [key for key in keys if f"`{key}`" not in DOC and f"{key} = " not in DOC and f" {key}" not in DOC] == []


@pytest.mark.parametrize("name", [name for name in shipped_maps() if name.endswith("_csv")])
def test_every_column_of_our_formats_is_named(name: str) -> None:
    found, _ = load_map(name)
    assert [column for spec in found.columns.values() for column in spec.column or () if f"`{column}`" not in DOC] == []


def test_the_map_in_the_document_is_a_map(tmp_path: Path) -> None:
    path = tmp_path / "doc.toml"
    path.write_text(DOC.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert load_map(path)[0].name == "my_shop"
