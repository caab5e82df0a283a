"""The HTTP application: every router, every error as a problem, and the guard in front."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode
from starlette.exceptions import HTTPException

from audience_builder.api import (
    accounts,
    audience_questions,
    audiences,
    collecting,
    contacts,
    events,
    exports,
    glossary,
    health,
    insights,
    language,
    loading,
    me,
    pages,
    problem,
    provider,
    questions,
    rules,
    sign_in,
    trail,
    webhooks,
)
from audience_builder.api.app import App
from audience_builder.api.audience_messages import ConflictAnswer
from audience_builder.api.guard import Guard
from audience_builder.api.live import ROUTER as LIVE
from audience_builder.api.live.messages import LiveIn, LiveOut
from audience_builder.errors import AudienceBuilderError

ROUTERS = (
    rules.ROUTER,
    questions.ROUTER,
    insights.ROUTER,
    language.ROUTER,
    glossary.ROUTER,
    audience_questions.ROUTER,
    audiences.ROUTER,
    webhooks.ROUTER,
    exports.ROUTER,
    contacts.ROUTER,
    contacts.GIVEN_CONTACTS,
    loading.ROUTER,
    events.ROUTER,
    collecting.ROUTER,
    collecting.KEYS,
    LIVE,
    me.ROUTER,
    accounts.ROUTER,
    trail.ROUTER,
    health.ROUTER,
    sign_in.ROUTER,
    provider.ROUTER,
    pages.ROUTER,
)

HANDLERS = {
    AudienceBuilderError: problem.on_our_error,
    RequestValidationError: problem.on_invalid_request,
    HTTPException: problem.on_http_error,
    Exception: problem.on_unexpected,
}
"""Every error leaves as a problem."""


def create_api(app: App) -> FastAPI:
    """The application that serves `app`; closing `app` stays with who opened it."""
    api = bare_api(app.hosts, is_secure=app.identity.is_secure)
    api.state.app = app
    return api


def bare_api(hosts: frozenset[str] = frozenset(), *, is_secure: bool = False) -> FastAPI:
    """The application with nothing behind it: what its documentation is generated from."""
    api = FastAPI(
        title="Audience Builder",
        version=version("audience-builder"),
        summary="Describe travellers by 32 filters and know exactly how many they are.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        generate_unique_id_function=lambda route: f"{route.tags[0]}_{route.name}",
    )
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)
    for router in ROUTERS:
        api.include_router(router)
    api.add_middleware(Guard, hosts=hosts, is_secure=is_secure)
    _document_problems(api)
    return api


@asynccontextmanager
async def _lifespan(api: FastAPI) -> AsyncGenerator[None]:
    # Engines use every core they get; more threads than that only wait for each other.
    current_default_thread_limiter().total_tokens = api.state.app.workers
    yield
    if hasattr(api.state, "live"):
        api.state.live.close()


def _document_problems(api: FastAPI) -> None:
    """Say in the documentation what errors look like: every one is a problem of RFC 9457."""
    describe = api.openapi

    def described() -> dict[str, Any]:
        if api.openapi_schema is None:
            found = describe()
            components = found["components"]["schemas"]
            for name in ("HTTPValidationError", "ValidationError"):
                components.pop(name, None)
            components["Problem"] = _PROBLEM
            components.update(_other_schemas())
            for operations in found["paths"].values():
                for operation in operations.values():
                    operation["responses"].pop("422", None)
                    operation["responses"]["default"] = _ANY_PROBLEM
        return api.openapi_schema or {}

    api.openapi = described


def _other_schemas() -> dict[str, Any]:
    """The messages of /api/v1/live and what a conflict says, which OpenAPI has no other place for."""
    adapters: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        ("LiveIn", "validation", TypeAdapter(LiveIn)),
        ("LiveOut", "serialization", TypeAdapter(LiveOut)),
        ("ConflictAnswer", "serialization", TypeAdapter(ConflictAnswer)),
    ]
    made, shared = TypeAdapter.json_schemas(adapters, ref_template="#/components/schemas/{model}")
    named = {name: {"title": name, **schema} for (name, _), schema in made.items()}
    return {**named, **shared.get("$defs", {})}


_TEXT = {"type": "string"}
_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457, with a stable code, what to do about it, and of a rule every problem with its JSON pointer.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "fix"],
    "properties": {
        **dict.fromkeys(("type", "title", "code", "detail", "fix"), _TEXT),
        "status": {"type": "integer"},
        "problems": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemAnswer"}},
        "conflict": {"$ref": "#/components/schemas/ConflictAnswer"},
    },
    "examples": [
        {
            "type": "urn:audience-builder:problem:rule_invalid",
            "title": "Unprocessable Content",
            "status": 422,
            "code": "rule_invalid",
            "detail": "/root/filter: no filter 'serch_region'",
            "fix": "Mend each of the problems.",
            "problems": [
                {
                    "pointer": "/root/filter",
                    "code": "unknown_filter",
                    "detail": "no filter 'serch_region'",
                    "fix": "did you mean search_region?",
                }
            ],
        }
    ],
}
_ANY_PROBLEM = {
    "description": "A problem",
    "content": {problem.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
