"""Gemini through Google's client (the extra `gemini`). Loaded where it is switched on, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from time import monotonic
from typing import Any, Final

import httpx2
from google import genai
from google.genai import errors, types

from audience_builder.language.model.port import Answer, Asked, ModelProblem
from audience_builder.language.model.schema import LONGEST

_MOST_TOKENS: Final = 8192
_LEVELS: Final = (("LOW", True), ("LOW", False), (None, False))
"""How a model is asked, from the most that is known to help to the least: its thinking level, and closed lists in the schema.

A model that refuses one way of asking (status 400) is asked the next way from then on.
"""
_STATUS: Final = {429: "busy", 500: "busy", 502: "busy", 503: "busy", 504: "slow", 408: "slow"}
_ENDS: Final = {
    "STOP": "",
    "MAX_TOKENS": "cut",
    "MALFORMED_RESPONSE": "unreadable",
    "OTHER": "cut",
    "CONTINUATION": "cut",
}


class Gemini:
    """A model of Google's behind the port (`language.model.port.Model`). `url` is another address of the same API."""

    def __init__(self, *, key: str, name: str, url: str = "", streams: bool = True) -> None:
        options = types.HttpOptions(base_url=url or None)
        self._client = genai.Client(api_key=key, vertexai=False, http_options=options)
        self._name = name
        self._streams = streams
        self._level = 0

    @property
    def label(self) -> str:
        """Provider and model."""
        return f"gemini:{self._name}"

    def answer(self, asked: Asked, *, seconds: float) -> Answer:
        """One call; a way of asking this model refuses is not used again (see the port)."""
        deadline = monotonic() + seconds
        while True:
            level = self._level
            try:
                return self._called(asked, level, deadline)
            except errors.APIError as problem:
                if problem.code == 400 and level + 1 < len(_LEVELS) and monotonic() < deadline:
                    self._level = level + 1
                    continue
                raise _problem_of(problem) from None
            except httpx2.TimeoutException:
                raise ModelProblem("slow", again=True) from None
            except httpx2.HTTPError:
                raise ModelProblem("unreachable", again=True) from None
            except (ValueError, TypeError):  # what came is no answer of this API
                raise ModelProblem("unreadable", again=True) from None

    def _called(self, asked: Asked, level: int, deadline: float) -> Answer:
        config = _config(asked, level, deadline - monotonic())
        if self._streams:
            chunks: Iterator[Any] = self._client.models.generate_content_stream(
                model=self._name, contents=asked.content, config=config
            )
        else:
            chunks = iter(
                [self._client.models.generate_content(model=self._name, contents=asked.content, config=config)]
            )
        return _whole(chunks, self.label, deadline)


def _config(asked: Asked, level: int, seconds: float) -> types.GenerateContentConfig:
    thinking, closed = _LEVELS[level]
    return types.GenerateContentConfig(
        system_instruction=asked.instruction,
        response_mime_type="application/json",
        response_json_schema=dict(asked.schema if closed else asked.plain_schema),
        max_output_tokens=_MOST_TOKENS,
        thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel(thinking)) if thinking else None,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        http_options=types.HttpOptions(timeout=max(200, int(seconds * 1000))),
    )


def _whole(chunks: Iterator[Any], label: str, deadline: float) -> Answer:
    """The answer of all its chunks; one that does not say it is finished is none."""
    text, end, model = "", "", label
    tokens = (0, 0)
    for chunk in chunks:
        if monotonic() > deadline:
            raise ModelProblem("slow", again=False)
        if chunk.prompt_feedback is not None and chunk.prompt_feedback.block_reason:
            raise ModelProblem("blocked")
        for candidate in (chunk.candidates or [])[:1]:
            parts = (candidate.content.parts if candidate.content else None) or []
            text += "".join(part.text or "" for part in parts if not part.thought)
            end = candidate.finish_reason.value if candidate.finish_reason else end
        if len(text) > LONGEST:
            raise ModelProblem("unreadable")
        if chunk.usage_metadata is not None:
            used = chunk.usage_metadata
            tokens = (
                used.prompt_token_count or 0,
                (used.candidates_token_count or 0) + (used.thoughts_token_count or 0),
            )
        model = chunk.model_version or model
    problem = "cut" if not end else _ENDS.get(end, "blocked")
    if problem:
        raise ModelProblem(problem, again=problem == "cut" and not end)
    return Answer(text, model, *tokens)


def _problem_of(problem: errors.APIError) -> ModelProblem:
    said = str(problem.details)
    if problem.code == 429 and re.search(r"PerDay|per day", said, re.IGNORECASE):
        return ModelProblem("quota")
    code = _STATUS.get(problem.code or 0, "refused")
    after = re.search(r"'retryDelay': '([0-9.]+)s'", said)
    return ModelProblem(code, again=code != "refused", after=float(after[1]) if after else 0)
