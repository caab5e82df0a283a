"""The catalog as JSON: every filter with what it can be asked, and each option list, place and season once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from audience_builder.catalog import BY_KEY
from audience_builder.catalog.filter import Cut, Facts, Filter, Measure, NotYet, Property
from audience_builder.catalog.option import OptionList
from audience_builder.catalog.places import PLACES
from audience_builder.catalog.seasons import SEASONS
from audience_builder.rule.rights import is_sensitive, is_sensitive_cut

Words = dict[str, Any]


def catalog_words(keys: Sequence[str] = tuple(BY_KEY), *, with_sensitive: bool = True) -> Words:
    """The catalog of these filters (default: all), with or without what is sensitive of their options."""
    filters = [BY_KEY[key] for key in keys]
    return {
        "filters": [filter_words(entry, with_sensitive=with_sensitive) for entry in filters],
        "options": {entry.name: _options(entry, with_sensitive) for entry in _lists(filters)},
        "places": [
            {**_labels(place.key, place.ko, place.en, place.synonyms), "level": place.level, "parent": place.parent}
            for place in PLACES
        ],
        "seasons": [_labels(season.key, season.ko, season.en, season.synonyms) for season in SEASONS.values()],
    }


def filter_words(asked: Filter, *, with_sensitive: bool = True) -> Words:
    """One filter."""
    return {
        **_labels(asked.key, asked.ko, asked.en, asked.synonyms),
        "category": asked.category,
        "kind": asked.kind,
        "asks": {"ko": asked.asks_ko, "en": asked.asks_en},
        "measures": [_measure(entry) for entry in asked.measures],
        "operators": list(asked.operators),
        "options": asked.options.name if asked.options else None,
        "places": asked.places,
        "windows": sorted(asked.windows),
        "default_window": _default_window(asked),
        "date": _date(asked.facts),
        "properties": [_property(entry) for entry in asked.properties],
        "cuts": [_cut(cut) for cut in asked.cuts if with_sensitive or not is_sensitive_cut(asked, cut)],
        "notyet": [_waits(entry) for entry in asked.notyet],
        "notes": asked.notes,
        "sensitive": asked.sensitive,
    }


def _labels(key: str, ko: str, en: str, synonyms: Iterable[str]) -> Words:
    return {"key": key, "ko": ko, "en": en, "synonyms": list(synonyms)}


def _measure(measure: Measure) -> Words:
    said = {"key": measure.key, "ko": measure.ko, "en": measure.en, "unit": measure.unit}
    return {**said, "unknown": measure.unknown or None}


def _property(entry: Property) -> Words:
    return {
        **_labels(entry.key, entry.ko, entry.en, entry.synonyms),
        "form": entry.form,
        "options": entry.options.name if entry.options else None,
        "one": entry.one,
        "meaning": entry.meaning,
    }


def _cut(cut: Cut) -> Words:
    """A line of the filter's facet with the condition that counts it, so that a line can become part of a rule."""
    said = {"key": cut.key, "ko": cut.ko, "en": cut.en, "operator": cut.operator, "value": cut.value}
    return {**said, "measure": cut.measure or None, "properties": dict(cut.properties)}


def _waits(entry: NotYet) -> Words:
    return {"key": entry.key, "ko": entry.ko, "en": entry.en, "reason": entry.reason}


def _default_window(asked: Filter) -> Words | None:
    if asked.default_window is None:
        return None
    kind, n = asked.default_window
    return {"type": kind, "n": n} if n else {"type": kind}


def _date(facts: Facts | None) -> str | None:
    return facts.date if facts else None


def _options(options: OptionList, with_sensitive: bool) -> Words:
    def is_told(key: str) -> bool:
        return with_sensitive or not is_sensitive(options, key)

    return {
        "ordered": options.ordered,
        "options": [
            {**_labels(entry.key, entry.ko, entry.en, entry.synonyms), "sensitive": entry.sensitive}
            for entry in options.options
            if is_told(entry.key)
        ],
        "groups": [
            {**_labels(group.key, group.ko, group.en, group.synonyms), "members": list(group.members)}
            for group in options.groups
            if is_told(group.key)
        ],
    }


def _lists(filters: Iterable[Filter]) -> list[OptionList]:
    """Every option list one of the filters or their properties names, once."""
    found: dict[str, OptionList] = {}
    for asked in filters:
        for options in (asked.options, *(entry.options for entry in asked.properties)):
            if options is not None:
                found[options.name] = options
    return [found[name] for name in sorted(found)]
