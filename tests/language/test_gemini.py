"""Gemini through Google's own client against a loopback of its API: what it may widen, how it fails, and what never happens."""

from __future__ import annotations

import json
import os
import time

import pytest

from audience_builder.catalog import FILTERS
from audience_builder.errors import InputError
from audience_builder.language.model.compatible import Compatible
from audience_builder.language.model.gemini import Gemini as Client
from audience_builder.language.model.instruction import instruction
from audience_builder.language.model.opening import Choice, open_model
from audience_builder.language.model.patience import FAILURES, REST, Patient
from audience_builder.language.model.port import Answer, Asked, Model, ModelProblem
from audience_builder.language.model.reader import ModelReader
from audience_builder.language.model.schema import schema
from audience_builder.language.phrasebook import Phrasebook
from audience_builder.language.port import Interpretation
from audience_builder.rule.tree import Rule
from audience_builder.rule.words import compact
from tests.language.gemini_server import KEYWORDS, NOTHING, Gemini, client, condition, prop
from tests.rules.notation import rule_of
from tests.rules.scoring import TODAY

BOOK = Phrasebook()
ODD = "제주도에 눈독 들인 골드 이상"
JEJU = condition("제주도에 눈독 들인", "search_region", properties=[prop("region", "제주도")])
GOLD = condition("골드 이상", "membership_tier", value_evidence="골드 이상")


def patient(model: Model) -> Patient:
    return Patient(model, clock=time.monotonic, sleep=time.sleep, chance=lambda: 0.0)


def read(
    gemini: Gemini, sentence: str, *, base: Rule | None = None, seconds: float = 4, streams: bool = True
) -> Interpretation:
    reader = ModelReader(patient(client(gemini, streams=streams)), BOOK, seconds=seconds)
    return reader.read(sentence, as_of=TODAY, base=base)


def said(found: Interpretation) -> str:
    return "" if found.rule is None else compact(found.rule).text


# --- what it widens -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("streams", [True, False])
def test_words_the_phrasebook_does_not_know_become_conditions_and_say_who_read_them(
    gemini: Gemini, streams: bool
) -> None:
    gemini.say(JEJU, GOLD)
    assert [entry.text for entry in BOOK.read(ODD, as_of=TODAY).not_understood] == ["제주도에 눈독"]
    found = read(gemini, ODD, streams=streams)
    assert said(found) == "멤버십 등급이 골드 이상 / 최근 90일간 제주 지역 검색이 있음"
    assert found.interpreter == "gemini:gemini-3.8-flash"
    assert [(phrase.text, phrase.source, phrase.status) for phrase in found.phrases] == [
        ("골드 이상", "both", "said"),
        ("제주도에 눈독 들인", "model", "assumed"),
    ]
    assert not found.not_understood
    assert gemini.seen[0].path.endswith(":streamGenerateContent?alt=sse" if streams else ":generateContent")


def test_numbers_dates_and_options_are_worked_out_here_and_not_by_the_model(gemini: Gemini) -> None:
    sentence = "최근 2주 펜션을 세 번 넘게 기웃거린 사람"
    gemini.say(
        condition(
            "최근 2주 펜션을 세 번 넘게 기웃거린", "viewed_category", ">=", value_evidence="세 번 넘게",
            window_evidence="최근 2주", properties=[prop("stay_type", "펜션", "hotel")], values=["999"],
        )
    )  # fmt: skip
    assert said(read(gemini, sentence)) == "최근 2주간 펜션 유형 상품 조회가 3회 초과"


def test_a_group_needs_its_or_in_the_sentence(gemini: Gemini) -> None:
    groups = [{"id": "g", "parent": "", "logic": "any"}]
    jeju = condition("제주도에 눈독 들였거나", "search_region", properties=[prop("region", "제주도")], group="g")
    busan = condition("부산에 꽂힌", "search_region", properties=[prop("region", "부산")], group="g")
    gemini.say(jeju, busan, groups=groups)
    assert said(read(gemini, "제주도에 눈독 들였거나 또는 부산에 꽂힌 사람")) == (
        "최근 90일간 제주 지역 검색이 있음 또는 최근 90일간 부산 지역 검색이 있음"
    )
    gemini.say({**jeju, "evidence": "제주도에 눈독 들인"}, busan, groups=groups)
    with pytest.raises(ModelProblem, match="unproven"):
        read(gemini, "제주도에 눈독 들인 부산에 꽂힌 사람")


def test_where_the_readers_differ_the_phrasebook_stays_and_the_other_reading_is_offered(gemini: Gemini) -> None:
    sentence = "호텔을 본 눈독 들인 사람"
    gemini.say(condition("호텔을 본", "search_stay_type", properties=[prop("stay_type", "호텔")]))
    found = read(gemini, sentence)
    assert said(found) == "최근 90일간 호텔 유형 상품 조회가 있음"
    assert [entry.fragment["filter"] for entry in found.readings] == ["search_stay_type"]
    assert found.phrases[0].source == "phrasebook"


def test_a_sentence_that_changes_a_rule_adds_and_takes_away_only_what_it_names(gemini: Gemini) -> None:
    base = rule_of(["home in seoul", "tier >= gold"])
    assert base is not None
    gemini.brain = lambda asked: json.dumps(
        {
            "conditions": [condition("제주도에 눈독 들인", "search_region", properties=[prop("region", "제주도")])],
            "removed": [{"evidence": "서울 조건은 이제 됐으니 빼줘", "node": "c1"}, {"evidence": "빼줘", "node": "c2"}],
        },
        ensure_ascii=False,
    )
    found = read(gemini, "제주도에 눈독 들인 사람으로, 서울 조건은 이제 됐으니 빼줘", base=base)
    assert gemini.seen[0].content["rule"] == {"c1": "거주 지역이 서울", "c2": "멤버십 등급이 골드 이상"}
    assert "골드 이상" in said(found)
    assert "제주 지역 검색" in said(found)


# --- what does not follow from the sentence -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "invented",
    [
        condition("서울 사는", "activity_region", "in", values=["seoul"]),  # words that are not there
        condition("골드 이상", "total_spend", value_evidence="골드 이상"),  # no number
        condition("골드 이상", "total_spend", value_evidence="100만원"),  # a number that is not there
        condition("골드 이상", "booking_count", window_evidence="최근 1년"),  # a date that is not there
        condition("골드 이상", "no_such_filter"),
        condition("골드 이상", "membership_tier", "above"),
        condition("골드 이상", "booking_count", measure="rows", value_evidence=""),
        condition("사람", "signup", "known"),  # everybody
        condition("사람", "gender", "in", values=["female", "male"]),  # everybody, by options nobody said
        condition("골드 이상", "membership_tier", "unknown"),
        condition("골드 이상", "membership_tier", negated=True, value_evidence="골드 이상"),  # denied by nobody
        condition("골드 이상", "membership_tier", group="nowhere", value_evidence="골드 이상"),
        condition("골드 이상", "search_region", properties=[prop("region", "골드")]),
        condition("골드 이상", "search_region", properties=[prop("password", "골드")]),
        condition("쿠폰 쓴", "booking_count"),  # cannot be asked yet
        condition("", "booking_count"),
    ],
)  # fmt: skip
def test_what_does_not_follow_from_its_evidence_is_no_condition(gemini: Gemini, invented: dict[str, object]) -> None:
    gemini.say(invented)
    sentence = "눈독 들인 골드 이상 쿠폰 쓴 사람"
    alone = BOOK.read(sentence, as_of=TODAY)
    try:
        found = read(gemini, sentence)
    except ModelProblem as problem:
        assert problem.code == "unproven"
    else:
        assert found.rule == alone.rule
        assert found.not_understood == alone.not_understood


def test_an_answer_is_mended_once_and_no_more(gemini: Gemini) -> None:
    answers = iter([condition("제주를", "search_region", properties=[prop("region", "제주도")]), JEJU])
    gemini.brain = lambda asked: json.dumps({"conditions": [next(answers)]}, ensure_ascii=False)
    assert "제주" in said(read(gemini, ODD))
    assert gemini.seen[1].content["wrong_in_your_last_answer"] == ["/conditions/0/evidence: not_in_the_sentence"]
    gemini.say(condition("제주를", "search_region"))
    with pytest.raises(ModelProblem, match="unproven"):
        read(gemini, ODD)
    assert len(gemini.seen) == 4


def test_groups_that_are_no_tree_are_no_groups(gemini: Gemini) -> None:
    loop = [{"id": "a", "parent": "b", "logic": "all"}, {"id": "b", "parent": "a", "logic": "any"}]
    gemini.say({**JEJU, "group": "a"}, groups=loop)
    with pytest.raises(ModelProblem, match="unproven"):
        read(gemini, ODD)


# --- how it fails -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize("fault", ["429", "500", "503", "hang up", "cut"])
def test_what_may_pass_is_asked_again(gemini: Gemini, fault: str, streams: bool) -> None:
    gemini.say(JEJU)
    gemini.faults.append(fault)
    begun = time.monotonic()
    assert "제주" in said(read(gemini, ODD, streams=streams))
    assert len(gemini.seen) == 2
    if fault == "429":
        assert time.monotonic() - begun >= 0.3  # as long as the server asked for


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize(
    ("fault", "code"),
    [("429 a day", "quota"), ("403", "refused"), ("404", "refused"), ("safety", "blocked"), ("blocked", "blocked"),
     ("max tokens", "cut"), ("no json", "unreadable"), ("half", "unreadable")],
)  # fmt: skip
def test_what_does_not_pass_is_told_and_never_applied_by_half(
    gemini: Gemini, fault: str, code: str, streams: bool
) -> None:
    gemini.say(GOLD, JEJU)
    gemini.faults.extend([fault] * 5)
    with pytest.raises(ModelProblem) as told:
        read(gemini, ODD, streams=streams)
    assert told.value.code == code
    assert len(gemini.seen) == 1


def test_a_slow_answer_is_given_up_in_time(gemini: Gemini) -> None:
    gemini.say(JEJU)
    gemini.faults.extend(["slow"] * 5)
    begun = time.monotonic()
    with pytest.raises(ModelProblem, match="slow"):
        read(gemini, ODD, seconds=0.5)
    assert time.monotonic() - begun < 1.5


def test_a_server_that_is_not_there_is_told(gemini: Gemini) -> None:
    gone = Client(key="k", name="m", url="http://127.0.0.1:9", streams=False)
    with pytest.raises(ModelProblem, match="unreachable"):
        ModelReader(gone, BOOK, seconds=2).read(ODD, as_of=TODAY)


def test_a_model_that_refuses_closed_lists_or_thinking_is_asked_without(gemini: Gemini) -> None:
    gemini.say(JEJU)
    gemini.refuses_enums = True
    model = client(gemini)
    reader = ModelReader(model, BOOK, seconds=4)
    assert "제주" in said(reader.read(ODD, as_of=TODAY))
    gemini.refuses_thinking = True
    assert "제주" in said(reader.read(ODD, as_of=TODAY))
    asked = len(gemini.seen)
    assert "제주" in said(reader.read(ODD, as_of=TODAY))
    assert len(gemini.seen) == asked + 1  # the way that works is remembered


def test_after_many_failures_it_is_left_alone_and_then_tried_once() -> None:
    class Failing:
        label = "failing"
        calls = 0
        works = False

        def answer(self, asked: Asked, *, seconds: float) -> Answer:
            self.calls += 1
            if not self.works:
                raise ModelProblem("busy")
            return Answer("{}", "m")

    at = [0.0]
    model = Failing()
    patient = Patient(model, clock=lambda: at[0], sleep=lambda seconds: None, chance=lambda: 0.5)
    asked = Asked("", "", {}, {})
    for _ in range(FAILURES):
        with pytest.raises(ModelProblem, match="busy"):
            patient.answer(asked, seconds=5)
    with pytest.raises(ModelProblem, match="resting"):
        patient.answer(asked, seconds=5)
    assert model.calls == FAILURES
    at[0], model.works = REST + 1, True
    assert patient.answer(asked, seconds=5).text == "{}"
    assert patient.answer(asked, seconds=5).text == "{}"


# --- what is sent -------------------------------------------------------------------------------------------------------


def test_all_filters_are_in_the_prompt_and_the_sentence_is_data(gemini: Gemini) -> None:
    gemini.say(JEJU)
    read(gemini, ODD)
    body = gemini.seen[0].body
    told = body["systemInstruction"]["parts"][0]["text"]
    assert told == instruction()
    assert len(FILTERS) == 32
    assert all(f"- {entry.key} (" in told for entry in FILTERS)
    assert ODD not in told
    assert gemini.seen[0].content == {"today": TODAY.isoformat(), "sentence": ODD}
    assert "tools" not in body


def test_the_schema_keeps_to_what_every_provider_knows_and_puts_evidence_first() -> None:
    from tests.language.gemini_server import _keywords

    for closed in (True, False):
        made = schema(closed=closed)
        assert set(_keywords(made)) <= KEYWORDS
        assert "$ref" not in json.dumps(made)
        assert made["properties"]["conditions"]["items"]["propertyOrdering"][0] == "evidence"
    assert len(json.dumps(schema())) < 5000


def test_a_key_and_terms_are_asked_for_and_off_is_the_default(tmp_path: object) -> None:
    with pytest.raises(InputError, match="key"):
        open_model(Choice(provider="gemini", name="m"))
    with pytest.raises(InputError, match="address"):
        open_model(Choice(provider="local", name="m"))


# --- another provider, and the real one -----------------------------------------------------------------------------------


def test_a_server_that_speaks_the_openai_way_stands_behind_the_same_port() -> None:
    from tests.language.openai_server import serving as serving_openai

    with serving_openai(json.dumps({"conditions": [JEJU, GOLD]}, ensure_ascii=False)) as server:
        model = Compatible(url=server.url, name="qwen", key="house")
        found = ModelReader(model, BOOK, seconds=4).read(ODD, as_of=TODAY)
        assert said(found) == "멤버십 등급이 골드 이상 / 최근 90일간 제주 지역 검색이 있음"
        assert found.interpreter == "local:qwen"
        assert server.seen[0]["response_format"]["json_schema"]["schema"]["required"][0] == "groups"
        for status, code in ((429, "busy"), (503, "busy"), (401, "refused")):
            server.status = status
            with pytest.raises(ModelProblem, match=code):
                ModelReader(model, BOOK, seconds=2).read(ODD, as_of=TODAY)
        server.status, server.end = 200, "length"
        with pytest.raises(ModelProblem, match="cut"):
            ModelReader(model, BOOK, seconds=2).read(ODD, as_of=TODAY)


def test_nothing_asked_is_nothing_made(gemini: Gemini) -> None:
    gemini.brain = lambda asked: NOTHING
    found, alone = read(gemini, ODD), BOOK.read(ODD, as_of=TODAY)
    assert found.rule == alone.rule
    assert found.not_understood == alone.not_understood


if os.environ.get("GEMINI_API_KEY"):

    def test_live_gemini_reads_a_sentence() -> None:
        """Registered where a key is in the environment: one real call."""
        model = Client(key=os.environ["GEMINI_API_KEY"], name=os.environ.get("GEMINI_MODEL", "gemini-3.8-flash"))
        found = ModelReader(model, BOOK, seconds=30).read(ODD, as_of=TODAY)
        assert found.rule is not None
        assert "골드 이상" in said(found)
