"""Writes docs/catalog.md from the catalog: what can be asked, of what, and what waits."""

from __future__ import annotations

from collections.abc import Iterator

from audience_builder.catalog import FILTERS, Filter
from audience_builder.catalog.filter import Category, Facts, Form
from audience_builder.catalog.option import OptionList
from audience_builder.catalog.places import PLACES
from audience_builder.catalog.seasons import SEASONS

_CATEGORIES = {
    Category.BEHAVIORAL: "Behavioral · 행동 및 여정",
    Category.TRANSACTIONAL: "Transactional · 결제 및 이용",
    Category.PROFILE: "User profile · 프로필 및 컨텍스트",
    Category.CROSS_SELL: "Cross-sell · 서비스 확장",
}


def text() -> str:
    """The whole document."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# The catalog"
    yield ""
    yield f"Generated from `audience_builder/catalog` (`make docs`): {len(FILTERS)} filters, {len(PLACES)} places, {len(SEASONS)} named windows."
    yield "What the words mean exactly is in [meaning.md](meaning.md). `notyet` names what cannot be asked yet, and why."
    for category, title in _CATEGORIES.items():
        yield f"\n## {title}\n"
        for entry in FILTERS:
            if entry.category is category:
                yield from _filter(entry)
    yield from _option_lists()
    yield from _places()
    yield from _seasons()


def _filter(entry: Filter) -> Iterator[str]:
    number = FILTERS.index(entry) + 1
    yield f"### {number}. `{entry.key}` {entry.ko} · {entry.en}\n"
    yield f"{entry.asks_ko} · {entry.asks_en}. Kind: **{entry.kind.value}**.{' Profiling: shown as inferred.' if entry.sensitive else ''}\n"
    yield f"- Synonyms: {', '.join(entry.synonyms)}"
    yield f"- Operators: {', '.join(f'`{operator}`' for operator in entry.operators)}"
    for measure in entry.measures:
        unknown = f"unknown: {measure.unknown}" if measure.unknown else "never unknown"
        yield f"- Measure `{measure.key}` {measure.ko} · {measure.en}: {measure.unit.value}, {measure.aggregate.value}{_reads(entry, measure.column)}; {unknown}"
    if entry.windows and entry.default_window:
        kind, n = entry.default_window
        yield f"- Windows: {', '.join(sorted(entry.windows))}; default {kind} {n or ''}".rstrip()
    if entry.options is not None:
        yield f"- Options: `{entry.options.name}`"
    if entry.places:
        yield "- Options: places"
    for prop in entry.properties:
        of = f"`{prop.options.name}`" if prop.options else {Form.PLACES: "places"}.get(prop.form, prop.form.value)
        yield f"- Property `{prop.key}` {prop.ko} · {prop.en} ({of}{', exactly one' if prop.one else ''}). {prop.meaning}".rstrip()
    yield f"- Facet: {' · '.join(cut.ko for cut in entry.cuts[:14])}{f' … ({len(entry.cuts)})' if len(entry.cuts) > 14 else ''}"
    for waits in entry.notyet:
        yield f"- `notyet` `{waits.key}` {waits.ko} · {waits.en}: {waits.reason}"
    if entry.notes:
        yield f"- {entry.notes}"
    yield ""


def _reads(entry: Filter, column: str) -> str:
    found = [_rows(facts) for facts in (entry.facts, entry.viewed) if facts]
    if found:
        return f" over {' or '.join(found)}"
    return f" of `{column}`" if column else " of the consents in `user_profile`"


def _rows(facts: Facts) -> str:
    which = [*facts.kinds, *([facts.state.value] if facts.state else []), *facts.lines, *facts.types]
    named = f" ({', '.join(which)})" if which else ""
    return f"`{facts.table}` by {facts.date} day{named}"


def _option_lists() -> Iterator[str]:
    lists: dict[str, OptionList] = {}
    for entry in FILTERS:
        for found in (entry.options, *(prop.options for prop in entry.properties)):
            if found is not None:
                lists[found.name] = found
    yield "## Option lists"
    for name in sorted(lists):
        yield f"\n### `{name}`{' (ordered, lowest first)' if lists[name].ordered else ''}\n"
        yield "| key | 한국어 | English | synonyms |\n|---|---|---|---|"
        for option in lists[name].options:
            yield f"| `{option.key}`{' (sensitive)' if option.sensitive else ''} | {option.ko} | {option.en} | {', '.join(option.synonyms)} |"
        for group in lists[name].groups:
            yield f"| `{group.key}` = {', '.join(group.members)} | {group.ko} | {group.en} | {', '.join(group.synonyms)} |"


def _places() -> Iterator[str]:
    yield "\n## Places\n"
    yield "| key | 한국어 | English | level | in | made of |\n|---|---|---|---|---|---|"
    for place in PLACES:
        yield f"| `{place.key}` | {place.ko} | {place.en} | {place.level} | {place.parent or ''} | {', '.join(place.members)} |"


def _seasons() -> Iterator[str]:
    yield "\n## Named windows\n"
    yield "| key | 한국어 | English | synonyms |\n|---|---|---|---|"
    for key, season in SEASONS.items():
        yield f"| `{key}` | {season.ko} | {season.en} | {', '.join(season.synonyms)} |"
