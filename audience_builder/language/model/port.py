"""What a language model is to this product: an instruction and a sentence in, JSON text out, or a named problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

PROBLEMS: Final[Mapping[str, tuple[str, str]]] = {
    "off": ("언어 모델을 쓰지 않습니다", "no language model is used"),
    "budget": ("오늘 쓸 수 있는 횟수를 다 썼습니다", "today's calls are used up"),
    "crowded": ("언어 모델에 물은 문장이 너무 많이 밀려 있습니다", "too many sentences wait for the language model"),
    "resting": ("언어 모델이 여러 번 답하지 못해 잠시 묻지 않습니다", "the language model failed repeatedly and is left alone for a while"),
    "busy": ("언어 모델이 바쁩니다", "the language model is busy"),
    "quota": ("언어 모델의 하루 한도를 다 썼습니다", "the provider's daily quota is used up"),
    "slow": ("언어 모델이 제때 답하지 않았습니다", "the language model did not answer in time"),
    "unreachable": ("언어 모델에 연결하지 못했습니다", "the language model cannot be reached"),
    "refused": ("언어 모델이 요청을 받지 않았습니다", "the language model refused the request"),
    "blocked": ("언어 모델이 답하기를 거절했습니다", "the language model declined to answer"),
    "cut": ("언어 모델의 답이 중간에 끊겼습니다", "the language model's answer was cut off"),
    "unreadable": ("언어 모델의 답을 읽을 수 없습니다", "the language model's answer cannot be read"),
    "unproven": ("언어 모델의 답이 문장에서 따라 나오지 않습니다", "the language model's answer does not follow from the sentence"),
    "unrecorded": ("감사 기록을 남길 수 없어 보내지 않았습니다", "it could not be recorded, so nothing was sent"),
    "personal": ("개인정보가 남아 보내지 않았습니다", "personal data would have been sent, so nothing was"),
}  # fmt: skip
"""Why there is no answer of a model, by code: in Korean and in English."""


class ModelProblem(Exception):  # noqa: N818 - the product goes on without it: no error of the caller's
    """No answer, and why (a code of `PROBLEMS`). `again`: asking once more may help, not before `after` seconds."""

    def __init__(self, code: str, *, again: bool = False, after: float = 0) -> None:
        super().__init__(code)
        self.code = code
        self.again = again
        self.after = after


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model is given. `schema` is what its JSON must look like; `plain_schema` the same without closed lists of words."""

    instruction: str
    content: str
    schema: Mapping[str, Any]
    plain_schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """JSON text as it came, and what it cost in tokens."""

    text: str
    model: str
    tokens_in: int = 0
    tokens_out: int = 0


class Model(Protocol):
    """Answers with JSON. Keeps nothing, has no tools, and is told nothing but what is asked."""

    @property
    def label(self) -> str:
        """Who it is, as people are told: provider and model."""
        ...

    def answer(self, asked: Asked, *, seconds: float) -> Answer:
        """The whole answer within so many seconds. Raises ModelProblem where there is none; never a part of one."""
        ...
