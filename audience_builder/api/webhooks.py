"""Addresses that are told when a saved audience moves, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.reading import router

ROUTER = router("webhooks", "/api/v1/webhooks")
InApp = Annotated[App, Depends(app_of)]
Admin = Annotated[Principal, permitted(Permission.ADMINISTER)]


class WebhookForm(BaseModel):
    """An audience (by id or name), and the address to tell when it moves."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"audience": "제주 골드", "url": "https://hooks.example.com/audience"}]},
    )

    audience: Annotated[str, Field(min_length=1, max_length=200)]
    url: Annotated[str, Field(min_length=1, max_length=2_000, description="https, to a public address.")]


class WebhookAnswer(BaseModel):
    """An address, and how it goes: up to when it was told, how often the message on its way was tried, when it is next."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    audience_id: str
    url: str
    state: Annotated[str, Field(description="live, or dead: given up until it is revived.")]
    created_at: datetime
    created_by: str
    told_at: datetime
    attempts: int
    next_at: datetime
    problem: str


class WebhookMadeAnswer(WebhookAnswer):
    """A new one, with the secret its messages are signed with; it is told this once."""

    secret: str


class WebhooksAnswer(BaseModel):
    """All of them, the oldest first."""

    model_config = ConfigDict(frozen=True)

    webhooks: list[WebhookAnswer]


@ROUTER.get("", summary="Addresses that are told when audiences move")
def webhooks(app: InApp, principal: Admin) -> WebhooksAnswer:
    """The oldest first, with how it goes."""
    found = app.webhooks.all(principal)
    return WebhooksAnswer(webhooks=[WebhookAnswer.model_validate(each) for each in found])


@ROUTER.post("", status_code=201, summary="Tell an address when an audience moves")
def add(form: WebhookForm, app: InApp, principal: Admin) -> WebhookMadeAnswer:
    """Signed messages of how many entered and left since the one before, at most every ten seconds; docs/membership.md."""
    made = app.webhooks.add(principal, form.audience, form.url)
    return WebhookMadeAnswer(**WebhookAnswer.model_validate(made.webhook).model_dump(), secret=made.secret)


@ROUTER.post("/{webhook}/revive", summary="Try an address again that was given up")
def revive(webhook: str, app: InApp, principal: Admin) -> WebhookAnswer:
    """What is on its way is sent again."""
    return WebhookAnswer.model_validate(app.webhooks.revive(principal, webhook))


@ROUTER.delete("/{webhook}", status_code=204, summary="Tell an address no more")
def remove(webhook: str, app: InApp, principal: Admin) -> Response:
    """What is on its way is dropped."""
    app.webhooks.remove(principal, webhook)
    return Response(status_code=204)
