"""One condition read back from its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from audience_builder.catalog import FILTERS
from audience_builder.catalog.filter import Filter, Form, Kind, Measure, Property
from audience_builder.catalog.phrases import STAYS, Head, head_of, said_of
from audience_builder.rule.words_clause import ACTION, COUNTED, labels_of, number_words
from audience_builder.rule.words_korean import ENDINGS, PARTICLES, Ending
from audience_builder.rule.words_number import NUMBER, Language, number_pattern, number_read
from audience_builder.rule.words_tables import JOINING, Tail, tails_of
from audience_builder.rule.words_window import read_window, window_pattern

_SLOT: Final = re.compile(r"\{([^}]+)\}")


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition found in a text: as JSON, where it ends and how, and where its parts stand (`part, start, end`)."""

    condition: dict[str, Any]
    end: int
    ending: Ending
    parts: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Noun:
    """What a head in a text can stand for."""

    asked: Filter
    measure: Measure
    action: str
    head: Head


@dataclass(frozen=True, slots=True)
class _Rest:
    """The window and properties found so far."""

    end: int
    window: str | None = None
    properties: tuple[tuple[Property, Any], ...] = ()
    parts: tuple[tuple[str, int, int], ...] = ()


def clauses(text: str, at: int, language: Language) -> Iterator[Clause]:
    """Every condition the text at a place can be, of any length."""
    leading = _rests(text, _Rest(at), language) if language == "ko" else iter((_Rest(at),))
    for rest in leading:
        for before, tails in _befores(language):
            first = before.match(text, rest.end)
            if first is None:
                continue
            for said, noun in _nouns(language, text, first.end()):
                yield from _compared(text, _Found(rest, first, said, noun, tails, language))


@dataclass(frozen=True, slots=True)
class _Found:
    rest: _Rest
    before: re.Match[str]
    said: str
    noun: _Noun
    tails: frozenset[str]
    language: Language


def _compared(text: str, found: _Found) -> Iterator[Clause]:
    after = found.before.end() + len(found.said)
    trailing = _rests(text, _Rest(after), "en") if found.language == "en" else iter((_Rest(after),))
    for rest in trailing:
        for tail, behind in _behinds(found.noun.asked.key, found.noun.measure.key, found.noun.action, found.language):
            if tail.before not in found.tails or tail.head != bool(found.said):
                continue
            last = behind.match(text, rest.end)
            if last is None:
                continue
            made = _made(found, rest if found.language == "en" else found.rest, tail, last)
            if made is not None:
                yield made


def _made(found: _Found, rest: _Rest, tail: Tail, last: re.Match[str]) -> Clause | None:
    noun = found.noun
    if any(noun.asked.property_named(prop.key) != prop for prop, _ in rest.properties):
        return None
    groups = {**found.before.groupdict(), **last.groupdict()}
    if any(not _is_number_of(groups.get(slot), noun, found.language) for slot in ("v", "a", "b")):
        return None
    value = tail.value if tail.value is not None else _value(groups, noun, found.language)
    condition: dict[str, Any] = {
        "type": "condition",
        "filter": noun.asked.key,
        "measure": noun.measure.key,
        "operator": tail.operator.value,
        "properties": {prop.key: entry for prop, entry in rest.properties},
    }
    if value is not None:
        condition["value"] = value
    if noun.action:
        condition["properties"][ACTION] = [noun.action]
    if rest.window is not None:
        if not noun.asked.windows:
            return None
        condition["window"] = read_window(rest.window, found.language)
    head = ("head", found.before.end(), found.before.end() + len(found.said))
    return Clause(condition, last.end(), _ending(groups.get("end")), (head, *rest.parts))


def _ending(form: str | None) -> Ending:
    if not form:
        return Ending.PLAIN
    return next(Ending(forms.index(form)) for forms in ENDINGS.values() if form in forms)


# --- values -------------------------------------------------------------------------------------------------------------


def _value(groups: Mapping[str, str | None], noun: _Noun, language: Language) -> Any:
    if (both := groups.get("a")) is not None:
        return [_one(both, noun, language), _one(str(groups["b"]), noun, language)]
    for slot, read in _VALUES.items():
        if (said := groups.get(slot)) is not None:
            return read(said, noun, language)
    return None


def _is_number_of(said: str | None, noun: _Noun, language: Language) -> bool:
    """Whether a number said before its noun was known has the unit of that noun (options and what is not said have)."""
    if said is None or noun.asked.kind is Kind.ORDERED:
        return True
    pattern = number_pattern(*number_words(noun.asked, noun.measure, noun.head, language))
    return re.fullmatch(pattern, said) is not None


def _one(said: str, noun: _Noun, language: Language) -> int | str:
    if noun.asked.kind is Kind.ORDERED:
        return labels_of(noun.asked, language).of_label[said]
    unit, _, counter = number_words(noun.asked, noun.measure, noun.head, language)
    return number_read(said, unit, language, counter)


_VALUES: Final[Mapping[str, Callable[[str, _Noun, Language], Any]]] = {
    "v": _one,
    "o": lambda said, noun, language: labels_of(noun.asked, language).of_label[said],
    "os": lambda said, noun, language: list(labels_of(noun.asked, language).read(said, JOINING[language].any_of)),
    "all": lambda said, noun, language: list(labels_of(noun.asked, language).read(said, JOINING[language].all_of)),
    "p": lambda said, noun, language: int(said),
    "w": lambda said, noun, language: read_window(said, language),
}


@cache
def _behinds(filter_key: str, measure_key: str, action: str, language: Language) -> list[tuple[Tail, re.Pattern[str]]]:
    """The comparisons of a measure, with patterns of what stands behind its noun."""
    noun = next(
        noun
        for _, noun in _all_nouns(language)
        if (noun.asked.key, noun.measure.key, noun.action) == (filter_key, measure_key, action)
    )
    fitting = [tail for tail in tails_of(filter_key, language) if tail.value is None or noun.measure.unit in COUNTED]
    return [(tail, re.compile(_filled(tail.behind, noun, language))) for tail in fitting]


def _filled(template: str, noun: _Noun, language: Language) -> str:
    pieces = _SLOT.split(template)
    return "".join(
        re.escape(piece) if index % 2 == 0 else _slot(piece, noun, language) for index, piece in enumerate(pieces)
    )


def _slot(slot: str, noun: _Noun, language: Language) -> str:
    if slot in PARTICLES:
        return f"(?:{'|'.join(PARTICLES[slot])})"
    if slot in ENDINGS:
        return f"(?P<end>{'|'.join(sorted(ENDINGS[slot], key=len, reverse=True))})"
    if slot == "p":
        return "(?P<p>[0-9]+)"
    if slot == "w":
        return f"(?P<w>{window_pattern(language)}){'(?: 이내)?' if language == 'ko' else ''}"
    if slot in ("os", "all"):
        joining = JOINING[language]
        labels = labels_of(noun.asked, language)
        return f"(?P<{slot}>{labels.listed(joining.any_of if slot == 'os' else joining.all_of)})"
    if slot == "o" or noun.asked.kind is Kind.ORDERED:
        return f"(?P<{slot}>{labels_of(noun.asked, language).pattern})"
    return f"(?P<{slot}>{number_pattern(*number_words(noun.asked, noun.measure, noun.head, language))})"


@cache
def _befores(language: Language) -> list[tuple[re.Pattern[str], frozenset[str]]]:
    """Patterns of what stands before a noun, and the templates each is of."""
    found: dict[str, set[str]] = {}
    for asked in FILTERS:
        for tail in tails_of(asked.key, language):
            found.setdefault(_before(tail.before, asked, language), set()).add(tail.before)
    return [(re.compile(pattern), frozenset(templates)) for pattern, templates in found.items()]


def _before(template: str, asked: Filter, language: Language) -> str:
    """Like `_filled`, for a noun not yet known: numbers of any unit, options of the filter that is named."""
    plain = Head("", "", counter="")
    noun = _Noun(asked, asked.measures[0], "", plain)
    pieces = _SLOT.split(template)
    return "".join(
        re.escape(piece)
        if index % 2 == 0
        else f"(?P<{piece}>{NUMBER}%?)"
        if piece in ("v", "a", "b")
        else _slot(piece, noun, language)
        for index, piece in enumerate(pieces)
    )


# --- nouns --------------------------------------------------------------------------------------------------------------


@cache
def _all_nouns(language: Language) -> list[tuple[str, _Noun]]:
    """Every noun a condition can have, the longest first; and every filter that is compared without one."""
    found: list[tuple[str, _Noun]] = []
    seen: set[tuple[str, str, tuple[Property, ...]]] = set()
    for asked in FILTERS:
        actions = ("", "viewed") if asked.viewed else ("",)
        for measure, action in ((measure, action) for measure in asked.measures for action in actions):
            head = head_of(asked, measure, action)
            if (head.ko, head.en, asked.properties) in seen:
                continue  # the three searches read the same rows: `canonical` says whose they are
            seen.add((head.ko, head.en, asked.properties))
            noun = _Noun(asked, measure, action, head)
            words = (head.ko,) if language == "ko" else (head.en, head.one)
            found.extend((word, noun) for word in words if word)
            if any(not tail.head for tail in tails_of(asked.key, language)):
                found.append(("", noun))
    return sorted(found, key=lambda entry: -len(entry[0]))


def _nouns(language: Language, text: str, at: int) -> Iterator[tuple[str, _Noun]]:
    for word, noun in _all_nouns(language):
        if text.startswith(word, at):
            yield word, noun


# --- when and what ------------------------------------------------------------------------------------------------------


def _rests(text: str, so_far: _Rest, language: Language) -> Iterator[_Rest]:
    """What has been found so far, and everything more that can be found."""
    yield so_far
    if language == "ko":
        if so_far.window is None and not so_far.properties:
            match = _ko_when().match(text, so_far.end)
            if match:
                span = ("window", match.start("w"), match.end("w"))
                yield from _rests(text, _Rest(match.end(), match["w"], (), (span,)), language)
    elif so_far.window is None:
        match = _en_when().match(text, so_far.end)
        if match:
            span = ("window", match.start("w"), match.end("w"))
            yield _Rest(match.end(), match["w"], so_far.properties, (*so_far.parts, span))
    for prop, value, end in _properties(text, so_far.end, language):
        if any(prop.key == known.key for known, _ in so_far.properties):
            continue
        more = (*so_far.properties, (prop, value))
        span = (prop.key, so_far.end + (language == "en"), end - (language == "ko"))
        yield from _rests(text, _Rest(end, so_far.window, more, (*so_far.parts, span)), language)


@cache
def _ko_when() -> re.Pattern[str]:
    return re.compile(f"(?P<w>{window_pattern('ko')})(?:간|에)? ")


@cache
def _en_when() -> re.Pattern[str]:
    return re.compile(f" (?P<w>{window_pattern('en')})")


def _properties(text: str, at: int, language: Language) -> Iterator[tuple[Property, Any, int]]:
    for prop, pattern, build in _property_patterns(language):
        match = pattern.match(text, at)
        if match:
            yield prop, build(prop, match, language), match.end()


_Build = Callable[[Property, re.Match[str], Language], Any]


@cache
def _property_patterns(language: Language) -> list[tuple[Property, re.Pattern[str], _Build]]:
    found: list[tuple[Property, re.Pattern[str], _Build]] = []
    seen: list[Property] = []
    for prop in (prop for asked in FILTERS for prop in asked.properties if prop.key != ACTION):
        if prop in seen:
            continue
        seen.append(prop)
        for pattern, build in _SHAPES[prop.form](prop, language):
            placed = f"{pattern} " if language == "ko" else f" {pattern}"
            found.append((prop, re.compile(placed), build))
    return found


_Shapes = list[tuple[str, _Build]]


def _around(template: str) -> tuple[str, str]:
    before, behind = template.split("{}")
    return re.escape(before), re.escape(behind)


def _option_shapes(prop: Property, language: Language) -> _Shapes:
    said = said_of(prop)
    joiner = JOINING[language].all_of if said.all_of else JOINING[language].any_of
    labels = labels_of(prop, language)
    before, behind = _around(getattr(said, language))

    def build(_: Property, match: re.Match[str], language: Language) -> list[str]:
        del language
        return list(labels.read(match["o"], joiner))

    return [(f"{before}(?P<o>{labels.listed(joiner)}){behind}", build)]


def _range_shapes(prop: Property, language: Language) -> _Shapes:
    before, behind = _around(getattr(said_of(prop), language))
    number = "-?[0-9]+"
    if language == "ko":
        between = f"(?P<min>{number})~(?P<max>{number})"
        return [
            (f"{before}{between}{behind}", _range),
            (f"{before}(?P<min>{number}){behind} 이상", _range),
            (f"{before}(?P<max>{number}){behind} 이하", _range),
            (f"{before}(?P<both>{number}){behind}", _range),
        ]
    return [
        (f"{before}(?P<min>{number}) to (?P<max>{number}){behind}", _range),
        (f"{before}(?P<min>{number}) or more{behind}", _range),
        (f"{before}up to (?P<max>{number}){behind}", _range),
        (f"{before}(?P<both>{number}){behind}", _range),
    ]


def _range(_: Property, match: re.Match[str], language: Language) -> dict[str, int]:
    del language
    found = match.groupdict()
    if "both" in found:
        return {"min": int(found["both"]), "max": int(found["both"])}
    return {end: int(number) for end, number in found.items()}


def _stay_shapes(prop: Property, language: Language) -> _Shapes:
    def build(relation: str) -> _Build:
        return lambda _, match, language: {"relation": relation, "window": read_window(match["w"], language)}

    shapes: _Shapes = []
    for relation, said in STAYS.items():
        before, behind = _around(getattr(said.get(prop.key) or said_of(prop), language))
        shapes.append((f"{before}(?P<w>{window_pattern(language)}){behind}", build(relation)))
    return shapes


def _flag(prop: Property, match: re.Match[str], language: Language) -> bool:
    del prop, match, language
    return True


def _flag_shapes(prop: Property, language: Language) -> _Shapes:
    return [(re.escape(str(getattr(said_of(prop), language))), _flag)]


_SHAPES: Final[Mapping[Form, Callable[[Property, Language], _Shapes]]] = {
    Form.OPTIONS: _option_shapes,
    Form.PLACES: _option_shapes,
    Form.RANGE: _range_shapes,
    Form.STAY: _stay_shapes,
    Form.FLAG: _flag_shapes,
}
