"""What a sentence means as a rule."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Annotated

import typer

from audience_builder.cli.backend import Backend, Json
from audience_builder.cli.backend import ask as asked
from audience_builder.cli.connect import settings_of
from audience_builder.cli.options import AsJson, AsOf, Data, written_rule
from audience_builder.cli.show import put, put_json
from audience_builder.cli.socket_file import is_alive
from audience_builder.cli.verb import verb

EXAMPLE = """Example:  audience-builder ask "최근 2주 제주를 두 번 이상 검색했지만 예약은 안 한 골드 이상" --json"""

Sentence = Annotated[
    str, typer.Argument(metavar="SENTENCE", help="Whom you mean, in Korean or English (누구를 찾나요).")
]
Edited = Annotated[
    str | None,
    typer.Option(
        "--edit", metavar="RULE", help="A rule the sentence changes: a file, - for stdin, or the JSON (규칙 고치기)."
    ),
]


@verb
def ask(
    sentence: Sentence, edit: Edited = None, as_of: AsOf = None, data: Data = None, as_json: AsJson = False
) -> None:
    """Read a sentence into a rule, and say what was assumed and what was not understood (문장을 규칙으로)."""
    question: Json = {"sentence": sentence}
    if edit is not None:
        question["rule"] = written_rule(edit)
    if as_of is not None:
        question["as_of"] = as_of
    settings = settings_of(data)
    if is_alive(settings.socket):
        from audience_builder.cli.remote import Remote

        backend: AbstractContextManager[Backend] = Remote(settings.socket)
        with backend as server:
            found = _with_late(server, asked(server, "POST", "/interpret", question), question)
    else:
        found = _read_here(question)
    if as_json:
        put_json(found)
        return
    _tell(found)


def _with_late(server: Backend, found: Json, question: Json) -> Json:
    """The answer of a language model, where the server asks one and it answers; else what was read at once."""
    ticket = found.get("later")
    if not ticket:
        return found
    waiting = {"ticket": ticket["ticket"], "wait_ms": 5000, "rule": found["rule"]}
    for _ in range(_ROUNDS):
        late = asked(server, "POST", "/interpret/later", waiting)
        if late["state"] == "ready":
            return {**late["interpretation"], "later": None}
        if late["state"] == "failed":
            return {**found, "later": None, "model_problem": late["problem"]}
    return found


def _read_here(question: Json) -> Json:
    """Reads the sentence in this process: it takes no data."""
    from audience_builder import clock
    from audience_builder.api.moment import moment_of
    from audience_builder.language.phrasebook import Phrasebook
    from audience_builder.language.told import told
    from audience_builder.rule.check import parse_rule

    now = clock.now()
    as_of = clock.day_of(moment_of(question.get("as_of"), now) or now)
    base = parse_rule(question["rule"]) if "rule" in question else None
    return told(Phrasebook().read(question["sentence"], as_of=as_of, base=base))


_ROUNDS = 12
_READER = {"ko": "읽은 이", "en": "Read by"}
_HEADINGS = {
    "ko": ("이해한 것", "가정한 것", "다르게 볼 수 있는 것", "반영하지 못한 것"),
    "en": ("Understood", "Assumed", "Could also mean", "Not understood"),
}


def _tell(found: Json) -> None:
    """The three lists every interpretation has, and the readings it could have had."""
    language: str = found["language"]
    understood, assumed, others, missed = _HEADINGS[language]
    put(f"{understood}: {found['words']['text'] if found['words'] else '–'}")
    for heading, lines in (
        (assumed, [f"{entry['node']} {entry['slot']}: {entry[language]}" for entry in found["assumptions"]]),
        (others, [f"{entry['node']}: {entry['words']}" for entry in found["readings"]]),
        (missed, [_missed(entry, language) for entry in found["not_understood"]]),
    ):
        if lines:
            put(f"{heading}:", *(f"  {line}" for line in lines))
    problem = found.get("model_problem")
    put(f"{_READER[language]}: {found['interpreter']}" + (f" ({problem[language]})" if problem else ""))


def _missed(entry: Json, language: str) -> str:
    nearest = entry["nearest"]
    said = f"{entry['text']!r}: {entry[language]}"
    return f"{said} ({nearest[language]}: {nearest['reason']})" if nearest else said
