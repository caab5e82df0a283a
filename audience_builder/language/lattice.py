"""The cheapest way to read a sentence as known words: a path through every word, number and stretch of time found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from audience_builder.language.glue import glue_ends
from audience_builder.language.item import Item, Readings
from audience_builder.language.lexicon import Lexicon
from audience_builder.language.numbers import numbers
from audience_builder.language.times import times
from audience_builder.language.vocabulary import names

_WORD, _SHORT, _NUMBER, _GLUE, _LOOSE, _UNKNOWN = 10, 22, 9, 4, 7, 30
_HANGUL: Final = re.compile("[가-힣]")
_LETTER: Final = re.compile("[a-z0-9]")
_TRIED: Final = re.compile("[해아어여워려겨쳐러][ ]?$")
"""`취소해 본`: having tried is no looking at."""
_NAMING: Final = (
    "device",
    "gender",
    "place",
    "stay_type",
    "theme",
    "line",
    "tier",
    "party",
    "life",
    "channel",
    "transport",
)
_DEEDS: Final = ("search", "view", "book", "pay", "visit", "cancel", "wish", "cart", "consent", "signup")
_INFLECTED: Final = re.compile(
    "[하해했한할함합핸되된될됐돼받봤본볼봐보가간갔갈드들든든했던는은을를이가도만로와과의에있없안못않]|[ㄱ-ㅎ]"
)
_MARKS: Final = frozenset("+~/,·&|()[]{}.:;!?\"'`-*#@^_\\")


def read_items(
    text: str, lexicon: Lexicon, as_of: date, *, known: frozenset[int] = frozenset(), more: Iterable[Item] = ()
) -> list[Item]:
    """The sentence as items in order, what is not understood among them; text between two items is the later one's `link`.

    `known` are the places of letters that carry no meaning of their own (endings and particles found by a morpheme analyser);
    `more` are further readings, such as a misspelt word mended.
    """
    edges = _edges(text, lexicon, as_of, more)
    path = _cheapest(text, edges, known)
    return list(_whole(_linked(text, path), text))


def _whole(items: Iterable[Item], text: str) -> Iterator[Item]:
    """The items, where a value begins a word that goes on unknown (`웹훅`, `여자친구`) the whole word unknown."""
    before: Item | None = None
    for item in items:
        if before is not None and _goes_on(before, item, text):
            before = Item(before.start, item.end, before.text + item.text, link=before.link)
            continue
        if before is not None:
            yield before
        before = item
    if before is not None:
        yield before


def _goes_on(first: Item, second: Item, text: str) -> bool:
    if second.readings or first.end != second.start or first.has("cmp"):
        return False
    if not first.has(*_NAMING) and (not first.has(*_DEEDS) or _INFLECTED.match(second.text)):
        return False
    starts = first.start == 0 or text[first.start - 1] in " \n"
    ends = second.end == len(text) or not _HANGUL.match(text[second.end])
    return starts and ends and bool(_HANGUL.match(first.text[-1])) and bool(_HANGUL.match(second.text[0]))


def _edges(text: str, lexicon: Lexicon, as_of: date, more: Iterable[Item]) -> dict[int, dict[int, Item]]:
    """Every item that can begin at each place, by where it ends; readings of the same stretch are put together."""
    found: dict[int, dict[int, Item]] = {}
    for item in (*times(text, as_of), *numbers(text), *_words(text, lexicon), *more):
        at = found.setdefault(item.start, {})
        before = at.get(item.end)
        readings: Readings = {**item.readings, **(before.readings if before else {})}
        at[item.end] = Item(item.start, item.end, item.text, readings, item.mended)
    return found


def _words(text: str, lexicon: Lexicon) -> Iterator[Item]:
    for start in range(len(text)):
        if text[start] == " ":
            continue
        starts_word = start == 0 or text[start - 1] in " \n" or text[start - 1] in _MARKS
        for end, readings, bridged in lexicon.matches(text, start):
            if bridged and not starts_word:
                continue
            if _cuts_latin(text, start, end):
                continue
            tried = "view" in readings and text[start] in "본봤보" and _TRIED.search(text[:start])
            yield Item(start, end, text[start:end], {"exist": True} if tried else readings)


def _cuts_latin(text: str, start: int, end: int) -> bool:
    """Whether a word of Latin letters would be cut out of a longer one."""
    first, last = text[start], text[end - 1]
    before, behind = text[start - 1 : start], text[end : end + 1]
    is_letter = first.isascii() and first.isalpha()
    ends_letter = last.isascii() and last.isalpha()
    return (is_letter and before.isascii() and before.isalpha()) or (
        ends_letter and behind.isascii() and behind.isalpha()
    )


def _cost(text: str, item: Item, *, after_word: bool) -> int | None:
    """What reading an item costs; None where a word of one letter would stand inside another word."""
    length = sum(1 for char in item.text if char != " ")
    if item.has("number", "money", "age", "count", "duration", "percent", "window", "within", "season", "nights"):
        return _NUMBER if not item.has("number") else _NUMBER + 6
    if item.has("sign"):
        return -1
    if item.text == "만" and after_word:
        return _GLUE
    if item.mended:
        return _WORD + 8
    if length == 1 and _HANGUL.match(item.text):
        starts = item.start == 0 or not _HANGUL.match(text[item.start - 1])
        ends = item.end == len(text) or not _HANGUL.match(text[item.end])
        if item.has("gender", "mark_yes", "mark_no"):
            return _WORD if starts and ends else None
        if item.text in names("ends_word", "glue"):
            return (_SHORT if not starts else _WORD + 3) if ends and (starts or after_word) else None
        if not (starts and ends) and (item.text not in names("inside", "glue") or not (starts or after_word)):
            return None
        return _SHORT if not (starts and ends) else _WORD + 3
    if item.has("filler") and len(item.readings) == 1:
        return _WORD + 2
    return _WORD


def _cheapest(text: str, edges: dict[int, dict[int, Item]], known: frozenset[int]) -> list[Item]:
    """Dijkstra's way over a line: places from left to right, each with the cheapest path after a word and after none."""
    best: list[dict[bool, tuple[int, list[Item]]]] = [{} for _ in range(len(text) + 1)]
    best[0][False] = (0, [])
    for at in range(len(text)):
        for after_word, (cost, path) in list(best[at].items()):
            _step_plain(text, at, cost, path, after_word, best, known)
            for end, item in edges.get(at, {}).items():
                price = _cost(text, item, after_word=after_word)
                if price is not None:
                    _offer(best[end], after_word=True, cost=cost + price, path=[*path, item])
    return min(best[len(text)].values(), key=lambda entry: entry[0])[1]


def _step_plain(  # noqa: PLR0913, PLR0917 - one step of the search, all of whose state it needs
    text: str,
    at: int,
    cost: int,
    path: list[Item],
    after_word: bool,
    best: list[dict[bool, tuple[int, list[Item]]]],
    known: frozenset[int],
) -> None:
    """Steps over what is no word: a space, a mark, an ending, or a letter nobody understands."""
    char = text[at]
    if char in " \n" or char in _MARKS:
        _offer(best[at + 1], after_word=False, cost=cost, path=path)
        return
    starts_word = at == 0 or text[at - 1] in " \n" or text[at - 1] in _MARKS
    for end, loose in glue_ends(text, at, starts_word=starts_word):
        if after_word or loose:
            _offer(best[end], after_word=True, cost=cost + (_LOOSE if loose else _GLUE), path=path)
    if at in known and after_word:
        _offer(best[at + 1], after_word=True, cost=cost + _GLUE, path=path)
    unknown = Item(at, at + 1, char)
    last = path[-1] if path else None
    if last is not None and not last.readings and last.end == at:
        unknown = Item(last.start, at + 1, text[last.start : at + 1])
        path = path[:-1]
    _offer(best[at + 1], after_word=False, cost=cost + _UNKNOWN, path=[*path, unknown])


def _offer(place: dict[bool, tuple[int, list[Item]]], *, after_word: bool, cost: int, path: list[Item]) -> None:
    known = place.get(after_word)
    if known is None or cost < known[0]:
        place[after_word] = (cost, path)


def _linked(text: str, path: list[Item]) -> list[Item]:
    """The items with the text between them as links."""
    found: list[Item] = []
    end = 0
    for item in path:
        found.append(Item(item.start, item.end, item.text, item.readings, item.mended, text[end : item.start]))
        end = item.end
    return found
