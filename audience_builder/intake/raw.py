"""A file's rows as texts in the private table `stage.raw`, and its columns matched with those a map names."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp
from sqlglot.expressions import select

from audience_builder.errors import InputError
from audience_builder.intake.map_file import ColumnSpec, ImportMap
from audience_builder.intake.map_text import MapText, Path, did_you_mean
from audience_builder.intake.records import batches, column_name
from audience_builder.intake.source import Source, parquet_rows, wanted_columns
from audience_builder.intake.stage import Stage
from audience_builder.intake.target import DATED, STATUS, TARGETS
from audience_builder.intake.tree import STAGE, call, case, cast, col, number, text
from audience_builder.intake.values import Given

_DATED_TYPES = ("DATE", "TIMESTAMP")
_FLOATS = ("FLOAT", "DOUBLE")
_LARGEST_EXACT = 9_007_199_254_740_992


def givens(source: Source, found: ImportMap, written: MapText) -> tuple[Given, ...]:
    """The mapped targets with the columns they stand in. Raises InputError for a column the file does not have."""
    targets = TARGETS[found.kind]
    mapped = [(targets[name], spec, ("columns", name)) for name, spec in found.columns.items()]
    if found.status:
        mapped.append((STATUS, ColumnSpec(column=found.status.column), ("status", "column")))
    given: list[Given] = []
    for target, spec, path in mapped:
        position = _position(source, spec, written, path)
        if position is None and spec.constant is None:
            continue
        iso = position is not None and target.shape in DATED and _is_dated(source, position)
        given.append(Given(target, spec, position, iso))
    return tuple(given)


def _is_dated(source: Source, position: int) -> bool:
    return bool(source.types) and source.types[position].startswith(_DATED_TYPES)


def _position(source: Source, spec: ColumnSpec, written: MapText, path: Path) -> int | None:
    """Where the first of the column's names stands in the file; None for a constant or an optional column that is not there."""
    names = spec.column or ()
    for name in names:
        exact = [position for position, there in enumerate(source.header) if there == name]
        alike = [
            position
            for position, there in enumerate(source.header)
            if there.strip().casefold() == name.strip().casefold()
        ]
        places = exact or alike
        if len(places) > 1:
            raise written.wrong(path, f"{source.name} has several columns '{name}'", fix="Rename them in the file.")
        if places:
            return places[0]
    if spec.optional or not names:
        return None
    fix = did_you_mean(names[0], source.header) or f"Its columns are {', '.join(source.header[:20])}."
    raise written.wrong(path, f"{source.name} has no column '{names[0]}'", fix=fix)


def refuse_headless(source: Source, found: ImportMap) -> None:
    """Raise InputError where no mapped column is in the first line, which then is hardly a header."""
    wanted = {name.strip().casefold() for name in wanted_columns(found)}
    if source.has_header and not wanted & {name.strip().casefold() for name in source.header}:
        raise InputError(
            f"the first line of {source.name} names none of the map's columns",
            fix="Is it the right map? A file without a header needs [file] header = false and names.",
        )


def read_rows(
    stage: Stage,
    source: Source,
    mapped: frozenset[int],
    seal: Callable[[int, str], str],
    tell: Callable[[int, int], None],
) -> None:
    """Fill `stage.raw`: `line`, `problem` and `shown` (sealed) of rows that are none, and the mapped columns as texts.

    A column no map asks for is not kept for a moment: it may hold names, addresses, anything.
    """
    types = {"line": "BIGINT", "problem": "VARCHAR", "shown": "VARCHAR"}
    types |= {column_name(position): "VARCHAR" for position in range(len(source.header))}
    columns = [
        exp.ColumnDef(this=exp.to_identifier(name, quoted=True), kind=exp.DataType.build(kind))
        for name, kind in types.items()
    ]
    stage.run(exp.Create(this=exp.Schema(this=exp.to_table("raw", db=STAGE), expressions=columns), kind="TABLE"))
    if source.format == "parquet":
        _read_parquet(stage, source, sorted(mapped))
        tell(source.size, source.size)
        return
    for batch in batches(source):
        if batch.rows:
            stage.load("raw", batch.whole(mapped))
        if batch.broken:
            stage.load("raw", batch.refused(seal))
        tell(batch.bytes_read, source.size)


def _read_parquet(stage: Stage, source: Source, mapped: list[int]) -> None:
    names = [exp.to_identifier(name, quoted=True) for name in ("line", *map(column_name, mapped))]
    try:
        stage.run(exp.insert(_parquet_texts(source, mapped), exp.to_table("raw", db=STAGE), columns=names))
    except InputError as problem:
        raise InputError(f"{source.name} is a broken Parquet file", fix="Copy or export it again.") from problem


def _parquet_texts(source: Source, mapped: list[int]) -> exp.Select:
    texts = [_as_text(col(source.header[position]), source.types[position]) for position in mapped]
    return select(col("file_row_number") + number(1), *texts).from_(parquet_rows(source.path))


def _as_text(value: exp.Expr, kind: str) -> exp.Expr:
    """A column of Parquet as a CSV would write it: whole numbers without a point, moments in UTC where they know a zone."""
    if kind in _FLOATS:
        exact = exp.and_(value.eq(call("floor", value)), call("abs", value) < number(_LARGEST_EXACT))
        whole = cast(cast(value, "BIGINT"), "VARCHAR")
        return case((call("isnan", value), exp.null()), (exact, whole), otherwise=cast(value, "VARCHAR"))
    if kind == "TIMESTAMP WITH TIME ZONE":
        return exp.DPipe(this=cast(call("timezone", text("UTC"), value), "VARCHAR"), expression=text("Z"))
    return cast(value, "VARCHAR")
