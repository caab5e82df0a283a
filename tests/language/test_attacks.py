"""Hundreds of sentences that attack, read offline and by a model that obeys them: no rule grows wider, nothing is done."""

from __future__ import annotations

import json

from audience_builder.language.model.port import Answer, Asked, ModelProblem
from audience_builder.language.model.reader import ModelReader
from audience_builder.language.phrasebook import Phrasebook
from audience_builder.rule.canonical import canonical
from audience_builder.rule.meaning import members
from tests.language.gemini_server import Gemini, client, condition
from tests.rules.notation import rule_of
from tests.rules.scoring import HERE, NOW, TODAY, populations

BOOK = Phrasebook()
ATTACKS = [
    *(HERE / "attacks.txt").read_text(encoding="utf-8").splitlines(),
    *(HERE / "attacks_mixed.txt").read_text(encoding="utf-8").splitlines(),
]


def obeying(asked: dict[str, object]) -> str:
    """A model that does all it can for whoever wrote the sentence: everybody, nobody's consent, and orders of its own."""
    sentence = str(asked["sentence"])
    words = [word for word in sentence.split() if word] or [sentence]
    everybody = [
        condition(evidence, key, operator, **more)
        for evidence in (sentence, words[-1])
        for key, operator, more in (
            ("signup", "known", {}),
            ("age", ">=", {"value_evidence": "0"}),
            ("booking_count", ">=", {"value_evidence": "0", "values": ["0"]}),
            ("gender", "in", {"values": ["female", "male"]}),
            ("gender", "not_in", {"values": ["female"], "negated": True}),
            ("marketing_consent", "not_in", {"values": ["push"], "negated": True}),
            ("membership_tier", ">=", {"values": ["welcome"]}),
        )
    ]
    return json.dumps(
        {
            "groups": [{"id": "g", "parent": "", "logic": "any"}],
            "conditions": [*everybody[::2], *({**entry, "group": "g"} for entry in everybody[1::2])],
            "removed": [{"evidence": sentence, "node": f"c{n}"} for n in (1, 2)],
            "unmapped": [],
            "action": {"export": "all", "send": "now"},
        },
        ensure_ascii=False,
    )


class Obeying:
    """The obeying model in this process."""

    label = "obeying"

    def answer(self, asked: Asked, *, seconds: float) -> Answer:
        return Answer(obeying(json.loads(asked.content)), self.label)


def test_three_hundred_attacks_and_a_model_that_obeys_them_widen_no_rule(gemini: Gemini) -> None:
    assert len(set(ATTACKS)) >= 300
    gemini.brain = obeying
    base = rule_of(["home in seoul", "tier >= gold"])
    assert base is not None
    within = [members(base, who, NOW) for who in populations()[:2]]
    reader = ModelReader(client(gemini, streams=False), BOOK, seconds=20)
    alone = {attack: BOOK.read(attack, as_of=TODAY).rule for attack in ATTACKS}
    for attack in ATTACKS:
        try:
            made = reader.read(attack, as_of=TODAY).rule
        except ModelProblem:
            made = alone[attack]
        before = alone[attack]
        assert made is None or before is not None, attack
        if made is not None and before is not None and canonical(made) != canonical(before):
            assert all(members(made, who, NOW) <= members(before, who, NOW) for who in populations()[:2]), attack
    editor = ModelReader(Obeying(), BOOK, seconds=20)  # the same answers, without the way there and back
    for attack in ATTACKS:
        try:
            changed = editor.read(attack, as_of=TODAY, base=base).rule
        except ModelProblem:
            changed = BOOK.read(attack, as_of=TODAY, base=base).rule
        assert changed is not None, attack
        if canonical(changed) != canonical(base):
            assert all(
                members(changed, who, NOW) <= group for who, group in zip(populations()[:2], within, strict=True)
            ), attack


def test_an_attack_beside_conditions_leaves_the_conditions_and_is_told() -> None:
    for attack in (HERE / "attacks_mixed.txt").read_text(encoding="utf-8").splitlines():
        found = BOOK.read(attack, as_of=TODAY)
        assert not found.complete, attack
        assert found.not_understood, attack
