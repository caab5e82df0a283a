"""A loopback Gemini: the REST shape of generateContent and streamGenerateContent, the ways it fails, and what it is told to answer."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from audience_builder.language.model.gemini import Gemini as GoogleClient

Json = dict[str, Any]
Brain = Callable[[Json], str]
"""From what was sent (`sentence`, `today`, `rule`) to the text of the answer."""

NOTHING = json.dumps({"groups": [], "conditions": [], "removed": [], "unmapped": []})
KEYWORDS = {
    "$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "items", "prefixItems", "minItems", "maxItems",
    "minimum", "maximum", "anyOf", "oneOf", "properties", "additionalProperties", "required", "propertyOrdering",
}  # fmt: skip
_PATH = re.compile(r"/v1(?:beta)?/models/([\w.\-]+):(generateContent|streamGenerateContent)(\?alt=sse)?")


@dataclass
class Seen:
    """One request as it came."""

    path: str
    key: str
    body: Json
    raw: bytes

    @property
    def content(self) -> Json:
        """The part the marketer's sentence is in."""
        return json.loads(self.body["contents"][0]["parts"][0]["text"])


@dataclass
class Gemini:
    """What the server answers: by its `brain`, after the `faults` in line."""

    brain: Brain = lambda said: NOTHING
    faults: deque[str] = field(default_factory=deque)
    seen: list[Seen] = field(default_factory=list)
    key: str = "key-of-tests"
    model: str = "gemini-3.8-flash"
    refuses_enums: bool = False
    refuses_thinking: bool = False
    slow_seconds: float = 2.0
    url: str = ""

    def say(self, *conditions: Json, **more: Any) -> None:
        """Answer every sentence with these conditions."""
        text = json.dumps({"conditions": list(conditions), **more}, ensure_ascii=False)
        self.brain = lambda said: text


def condition(evidence: str, filter_key: str, operator: str = ">=", **more: Any) -> Json:
    """A condition as the model says it."""
    return {
        "evidence": evidence, "value_evidence": "", "window_evidence": "", "properties": [], "filter": filter_key, "measure": "",
        "operator": operator, "values": [], "negated": False, "group": "", **more,
    }  # fmt: skip


def prop(key: str, evidence: str, *values: str) -> Json:
    """A property as the model says it."""
    return {"evidence": evidence, "key": key, "values": list(values)}


@contextmanager
def serving(gemini: Gemini) -> Iterator[Gemini]:
    """The server on a free port of this machine."""

    class Handler(_Handler):
        said = gemini

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    gemini.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield gemini
    finally:
        server.shutdown()
        server.server_close()


def _error(code: int, status: str, message: str, *details: Json) -> Json:
    return {"error": {"code": code, "status": status, "message": message, "details": list(details)}}


_RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.3s"}
_DAY = {
    "@type": "type.googleapis.com/google.rpc.QuotaFailure",
    "violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel", "quotaMetric": "requests"}],
}
ERRORS: dict[str, tuple[int, Json]] = {
    "429": (429, _error(429, "RESOURCE_EXHAUSTED", "Resource exhausted.", _RETRY)),
    "429 a day": (429, _error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", _DAY)),
    "500": (500, _error(500, "INTERNAL", "An internal error has occurred.")),
    "503": (503, _error(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")),
    "403": (403, _error(403, "PERMISSION_DENIED", "Your API key was reported as leaked.")),
    "404": (404, _error(404, "NOT_FOUND", "models/gone is not found.")),
}


class _Handler(BaseHTTPRequestHandler):
    said: ClassVar[Gemini]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        try:
            self._answer()
        except (BrokenPipeError, ConnectionResetError):  # who asked has given up
            self.close_connection = True

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        found = _PATH.fullmatch(self.path)
        seen = Seen(self.path, self.headers.get("x-goog-api-key", ""), json.loads(raw), raw)
        self.said.seen.append(seen)
        refusal = self._refused(found, seen)
        fault = self.said.faults.popleft() if self.said.faults and refusal is None else ""
        if refusal is not None or fault in ERRORS:
            self._put(*(refusal or ERRORS[fault]))
            return
        if fault == "slow":
            time.sleep(self.said.slow_seconds)
        if fault == "hang up":
            self.close_connection = True
            self.connection.close()
            return
        text = self.said.brain(seen.content)
        if fault == "no json":
            text = "Sure! Here is the rule you asked for."
        elif fault == "half":
            text = text[: len(text) // 2]
        assert found is not None
        if found[3]:
            self._stream(text, fault)
        else:
            self._put(200, self._whole(text, fault), cut=fault == "cut")

    def _refused(self, found: re.Match[str] | None, seen: Seen) -> tuple[int, Json] | None:
        config = seen.body.get("generationConfig", {})
        schema = config.get("responseJsonSchema") or config.get("response_json_schema")
        thinking = config.get("thinkingConfig", {})
        if found is None or found[1] != self.said.model:
            return ERRORS["404"]
        if seen.key != self.said.key:
            return ERRORS["403"]
        if schema is None or config.get("responseMimeType") != "application/json":
            return 400, _error(400, "INVALID_ARGUMENT", "response_json_schema needs application/json")
        unknown = set(_keywords(schema)) - KEYWORDS
        if unknown:
            return 400, _error(400, "INVALID_ARGUMENT", f"Unknown name {unknown}")
        if self.said.refuses_enums and any(key == "enum" for key in _keywords(schema)):
            return 400, _error(
                400,
                "INVALID_ARGUMENT",
                "The specified schema produces a constraint that has too many states for serving.",
            )
        if self.said.refuses_thinking and (thinking.get("thinking_level") or thinking.get("thinkingLevel")):
            return 400, _error(400, "INVALID_ARGUMENT", "Thinking level is not supported for this model.")
        return None

    def _whole(self, text: str, fault: str) -> Json:
        if fault == "blocked":
            return {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "modelVersion": self.said.model}
        if fault == "empty":
            return {"candidates": [], "modelVersion": self.said.model}
        end = {"safety": "SAFETY", "max tokens": "MAX_TOKENS", "unended": None}.get(fault, "STOP")
        content = {} if fault == "safety" else {"content": {"role": "model", "parts": [{"text": text}]}}
        return {
            "candidates": [{**content, **({"finishReason": end} if end else {}), "index": 0}],
            "usageMetadata": {
                "promptTokenCount": 3100,
                "candidatesTokenCount": 120,
                "thoughtsTokenCount": 40,
                "totalTokenCount": 3260,
            },
            "modelVersion": self.said.model,
            "responseId": "r1",
        }

    def _put(self, code: int, body: Json, *, cut: bool = False) -> None:
        data = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if cut else data)
        self.close_connection = self.close_connection or cut

    def _stream(self, text: str, fault: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        if fault in ("blocked", "empty", "safety"):
            self._event(self._whole(text, fault))
            return
        pieces = [text[at : at + 40] for at in range(0, len(text), 40)] or [""]
        for place, piece in enumerate(pieces):
            if fault == "cut" and place * 2 >= len(pieces):
                return
            is_last = place == len(pieces) - 1
            self._event(self._whole(piece, fault if is_last else "unended"))

    def _event(self, body: Json) -> None:
        self.wfile.write(b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\r\n\r\n")
        self.wfile.flush()


def _keywords(schema: Any) -> Iterator[str]:
    """Every keyword of a schema; the names of properties are none."""
    if isinstance(schema, list):
        for entry in schema:
            yield from _keywords(entry)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            yield key
            if key in ("properties", "$defs"):
                for inner in value.values():
                    yield from _keywords(inner)
            elif key not in ("enum", "required", "propertyOrdering"):
                yield from _keywords(value)


def client(gemini: Gemini, *, streams: bool = True) -> GoogleClient:
    """Google's own client, asking that loopback."""
    return GoogleClient(key=gemini.key, name=gemini.model, url=gemini.url, streams=streams)
