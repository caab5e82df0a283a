"""Since when somebody is in an audience, or out of it, and because of what: in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from audience_builder.api.spell_messages import HistoryAnswer, SpellAnswer
from audience_builder.clock import SEOUL
from audience_builder.mart.memberships import Cause, Spell

WORDS: dict[Cause, tuple[str, str]] = {
    Cause.BASELINE: ("기록을 시작할 때 이미 있었음", "they were in when recording began"),
    Cause.BEHAVIOUR: ("행동이나 예약이 있었음", "they did or booked something"),
    Cause.PROFILE: ("프로필이 바뀜", "their profile changed"),
    Cause.CONSENT: ("수신 동의가 바뀜", "their consent changed"),
    Cause.ROLL_OFF: ("시간이 지나 기간에 들거나 벗어남", "time passed"),
    Cause.RANKING: ("다른 고객들로 순위가 바뀜", "others passed them, or fell behind"),
    Cause.RULE_CHANGE: ("규칙이 바뀜", "the rule changed"),
    Cause.ERASURE: ("삭제됨", "they were erased"),
    Cause.UNKNOWN: ("기록이 멈춘 사이라 알 수 없음", "not known: nobody recorded then"),
}
"""Why somebody moved, in Korean and English."""


def history_answer(spells: Sequence[Spell]) -> HistoryAnswer:
    """When somebody was in, the latest first, with what it comes to."""
    ko, en = _said(spells[0]) if spells else _NEVER
    return HistoryAnswer(spells=[SpellAnswer.model_validate(spell) for spell in spells], ko=ko, en=en)


_NEVER = (
    "기록을 시작한 뒤로 이 오디언스에 있었던 적이 없습니다.",
    "They have not been in this audience since recording began.",
)


def _said(spell: Spell) -> tuple[str, str]:
    if spell.exited_at is not None:
        ko, en = WORDS[spell.exited_cause or Cause.UNKNOWN]
        at = _minute(spell.exited_at)
        return f"{at}에 이 오디언스에서 나갔습니다. 이유: {ko}.", f"Out since {at} KST, because {_because(en)}."
    at = _minute(spell.entered_at)
    if spell.cause is Cause.BASELINE:
        return (
            f"기록을 시작한 {at}에 이미 이 오디언스에 있었고, 그 뒤로 계속 있습니다.",
            f"In since before {at} KST, when recording began.",
        )
    ko, en = WORDS[spell.cause]
    return f"{at}부터 이 오디언스에 있습니다. 이유: {ko}.", f"In since {at} KST, because {_because(en)}."


def _because(words: str) -> str:
    return "of something " + words if words.startswith("not known") else words


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(SEOUL):%Y-%m-%d %H:%M}"
