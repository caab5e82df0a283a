"""An interpretation as JSON, with every code said in words, the same over HTTP and in a terminal."""

from __future__ import annotations

from typing import Any, Final

from audience_builder.catalog import FILTERS
from audience_builder.language.model.merge import Merged
from audience_builder.language.model.port import PROBLEMS
from audience_builder.language.port import Assumption, Interpretation, Language, NotUnderstood, Reading
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.words import compact, words
from audience_builder.rule.words_text import Span

Json = dict[str, Any]

_REASONS: Final[dict[str, tuple[str, str]]] = {
    "recent": ("'최근'은 30일로 보았습니다", "“recently” was taken as the last 30 days"),
    "inherited": ("앞의 조건과 같다고 보았습니다", "taken over from the condition before"),
    "exact": ("정확히 그 수로 보았습니다", "taken as exactly that number"),
    "elapsed": ("그 이상 지난 것으로 보았습니다", "taken as at least that long ago"),
    "sum": ("기간의 합계로 보았습니다", "taken as the sum over the window"),
    "home": ("사는 곳으로 보았습니다", "taken as where they live"),
    "company": ("예약의 동반 유형으로 보았습니다", "taken from the company on their bookings"),
    "channel": ("채널을 말하지 않아 기본값을 썼습니다", "no channel was named"),
    "rate": ("마지막 한 기간으로 보았습니다", "taken as the last such stretch of time"),
    "often": ("얼마나 자주인지는 기본값으로 보았습니다", "how often that is was taken from the defaults"),
    "place": ("같은 이름의 다른 곳이 있습니다", "there is another place of that name"),
    "model": ("언어 모델이 읽었습니다", "read by the language model"),
    "word": ("사람마다 뜻이 다른 말입니다", "a word that means different things to different people"),
}
_NOT_UNDERSTOOD: Final = {
    "unknown": ("이해하지 못했습니다", "not understood"),
    "notyet": ("아직 물을 수 없습니다", "cannot be asked yet"),
}
_WAITING: Final = {entry.key: entry for asked in FILTERS for entry in asked.notyet}


def told(found: Interpretation) -> Json:
    """Everything an interpretation says; `words` is the rule read aloud in the language of the sentence."""
    said = None if found.rule is None else words(found.rule, found.language)
    return {
        "text": found.text,
        "language": found.language,
        "complete": found.complete,
        "rule": None if found.rule is None else to_json(found.rule),
        "words": None if said is None else {"text": said.text, "spans": spans(said.spans)},
        "phrases": [
            {
                "start": entry.start,
                "end": entry.end,
                "text": entry.text,
                "node": entry.node,
                "status": entry.status,
                "source": entry.source,
            }
            for entry in found.phrases
        ],
        "assumptions": [_assumption(entry) for entry in found.assumptions],
        "readings": [_reading(entry, found.language) for entry in found.readings],
        "not_understood": [_missed(entry) for entry in found.not_understood],
        "edits": [{"operation": entry.operation, "node": entry.node, "slot": entry.slot} for entry in found.edits],
        "mended": [{"text": text, "word": word} for text, word in found.mended],
        "interpreter": found.interpreter,
    }


def told_merge(merged: Merged, language: Language) -> Json:
    """A late answer's proposal, with the rule it comes to read aloud."""
    said = None if merged.rule is None else words(merged.rule, language)
    return {
        "rule": None if merged.rule is None else to_json(merged.rule),
        "words": None if said is None else {"text": said.text, "spans": spans(said.spans)},
        "added": list(merged.added),
        "removed": list(merged.removed),
        "conflicts": list(merged.conflicts),
    }


def model_problem(code: str) -> Json:
    """Why a language model has no answer, in words."""
    ko, en = PROBLEMS[code]
    return {"code": code, "ko": ko, "en": en}


def spans(found: tuple[Span, ...]) -> list[Json]:
    """Spans as JSON."""
    return [{"start": span.start, "end": span.end, "node": span.node, "part": span.part} for span in found]


def _assumption(entry: Assumption) -> Json:
    key = entry.reason.partition(":")[0]
    key = key if key in _REASONS else "word"
    ko, en = _REASONS[key]
    return {"node": entry.node, "slot": entry.slot, "reason": key, "ko": ko, "en": en}


def _reading(entry: Reading, language: Language) -> Json:
    rule = parse_rule({"version": 1, "root": entry.fragment})
    return {
        "node": entry.node,
        "start": entry.start,
        "end": entry.end,
        "asks": entry.asks,
        "fragment": to_json(rule)["root"],
        "words": compact(rule, language).text,
    }


def _missed(entry: NotUnderstood) -> Json:
    ko, en = _NOT_UNDERSTOOD[entry.reason]
    waiting = _WAITING.get(entry.nearest)
    more = {} if waiting is None else {"ko": waiting.ko, "en": waiting.en, "reason": waiting.reason}
    return {
        "start": entry.start,
        "end": entry.end,
        "text": entry.text,
        "reason": entry.reason,
        "ko": ko,
        "en": en,
        "nearest": more or None,
    }
