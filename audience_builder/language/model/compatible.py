"""A server that speaks the OpenAI way (llama.cpp, vLLM, Ollama …), on this machine or in the house."""

from __future__ import annotations

import json
from time import monotonic
from typing import Any, Final

import httpx

from audience_builder.language.model.port import Answer, Asked, ModelProblem
from audience_builder.language.model.schema import LONGEST

_MOST_TOKENS: Final = 4096
_BUSY: Final = (408, 429, 500, 502, 503, 504)
_ENDS: Final = {"stop": "", "length": "cut", "content_filter": "blocked"}


class Compatible:
    """A model behind `POST {url}/chat/completions` (`language.model.port.Model`)."""

    def __init__(self, *, url: str, name: str, key: str = "") -> None:
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._name = name
        self._client = httpx.Client(headers={"Authorization": f"Bearer {key}"} if key else {}, trust_env=False)

    @property
    def label(self) -> str:
        """Provider and model."""
        return f"local:{self._name}"

    def answer(self, asked: Asked, *, seconds: float) -> Answer:
        """One call (see the port)."""
        body = {
            "model": self._name,
            "messages": [{"role": "system", "content": asked.instruction}, {"role": "user", "content": asked.content}],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": asked.schema, "strict": True},
            },
            "max_tokens": _MOST_TOKENS,
        }
        try:
            found = self._sent(body, monotonic() + seconds, seconds)
        except httpx.TimeoutException:
            raise ModelProblem("slow", again=True) from None
        except httpx.HTTPError:
            raise ModelProblem("unreachable", again=True) from None
        return _answer(found, self.label)

    def _sent(self, body: dict[str, Any], deadline: float, seconds: float) -> bytes:
        """The bytes of the answer: no more than an answer has, and none after the deadline."""
        with self._client.stream("POST", self._url, json=body, timeout=seconds) as response:
            if response.status_code != 200:
                waits = response.headers.get("retry-after", "")
                is_busy = response.status_code in _BUSY
                raise ModelProblem(
                    "busy" if is_busy else "refused", again=is_busy, after=float(waits) if waits.isdigit() else 0
                )
            found = b""
            for piece in response.iter_bytes():
                found += piece
                if monotonic() > deadline:
                    raise ModelProblem("slow")
                if len(found) > LONGEST * 4:
                    raise ModelProblem("unreadable")
            return found


def _answer(found: bytes, label: str) -> Answer:
    try:
        said = json.loads(found)
        choice = said["choices"][0]
        text, end = choice["message"]["content"], choice.get("finish_reason")
        used = said.get("usage") or {}
        counts = (int(used.get("prompt_tokens", 0)), int(used.get("completion_tokens", 0)))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise ModelProblem("unreadable", again=True) from None
    problem = _ENDS.get(str(end), "cut")
    if problem or not isinstance(text, str):
        raise ModelProblem(problem or "unreadable")
    return Answer(text, label, *counts)
