"""Oneself: who one is here, one's sessions, one's password and one's tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from audience_builder.access import FRESH, Permission, Principal
from audience_builder.api.account_messages import (
    EndedAnswer,
    MeAnswer,
    NewToken,
    NewTokenAnswer,
    PasswordChange,
    Proof,
    SessionAnswer,
    SessionsAnswer,
    TokenAnswer,
    TokensAnswer,
)
from audience_builder.api.app import App
from audience_builder.api.cookies import signed_in, signed_out
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.reading import router
from audience_builder.api.who import address_of, credentials_of
from audience_builder.identity import Origin
from audience_builder.identity.secrets import csrf_of

ROUTER = router("me", takes_contacts=True)  # a password may look like anything
InApp = Annotated[App, Depends(app_of)]
SignedIn = Annotated[Principal, permitted(Permission.SIGNED_IN)]
TokenMaker = Annotated[Principal, permitted(Permission.OWN_TOKENS)]


@ROUTER.get("/me", summary="Who am I, and what may I do?")
def me(request: Request, app: InApp, principal: SignedIn) -> MeAnswer:
    """Roles and permissions as they are now, and what a page has to say to change anything."""
    credentials, identity = credentials_of(request), app.identity
    is_session = principal.via.startswith("session:") and credentials is not None
    permissions = sorted(permission for permission in Permission if principal.may(permission))
    return MeAnswer(
        id=principal.id,
        name=principal.name,
        roles=sorted(principal.roles),
        permissions=permissions,
        asks_again=[] if principal.is_fresh else [each for each in permissions if each in FRESH],
        via=principal.via.partition(":")[0],
        csrf=csrf_of(credentials.secret) if credentials is not None and is_session else None,
        is_demo=identity.demo.is_on,
        approval=app.exports.approval,
        session_ends_at=identity.gate.ends_at(credentials) if credentials is not None and is_session else None,
        idle_minutes=int(identity.gate.policy.idle.total_seconds() // 60),
    )


@ROUTER.post("/me/proof", status_code=204, summary="Say again who I am")
def prove(proof: Proof, request: Request, app: InApp, principal: SignedIn) -> Response:
    """By password: the session goes on under a new secret, and what asks for a proof is open for some minutes."""
    network = Origin(address=address_of(request)).network
    account = app.identity.accounts.proven(principal.id, proof.password.get_secret_value(), network)
    answer = Response(status_code=204)
    signed_in(request, answer, account, how="password")
    return answer


@ROUTER.post("/me/password", status_code=204, summary="Change my password")
def change_password(change: PasswordChange, request: Request, app: InApp, principal: SignedIn) -> Response:
    """For who knows the old one. All other sessions end."""
    network = Origin(address=address_of(request)).network
    old, new = change.old.get_secret_value(), change.new.get_secret_value()
    app.identity.accounts.change_password(principal, old, new, network)
    return Response(status_code=204)


@ROUTER.get("/sessions", summary="Where am I signed in?")
def sessions(app: InApp, principal: SignedIn) -> SessionsAnswer:
    """One's open sessions, newest first."""
    found = app.identity.sessions.list(principal)
    return SessionsAnswer(sessions=[SessionAnswer.of(each, via=principal.via) for each in found])


@ROUTER.delete("/sessions", summary="Sign me out everywhere")
async def end_sessions(request: Request, response: Response, app: InApp, principal: SignedIn) -> EndedAnswer:
    """All of one's sessions end, this one too, and their live connections with them."""
    ended = await run_in_threadpool(app.identity.sessions.end_all, principal)
    signed_out(request, response)
    return EndedAnswer(ended=ended)


@ROUTER.delete("/sessions/{session}", status_code=204, summary="End one of my sessions")
def end_session(session: str, app: InApp, principal: SignedIn) -> Response:
    """404 for any that is not one's own."""
    app.identity.sessions.end(principal, session)
    return Response(status_code=204)


@ROUTER.get("/tokens", summary="Tokens for machines")
def tokens(app: InApp, principal: SignedIn) -> TokensAnswer:
    """One's own; everybody's for who sees accounts."""
    return TokensAnswer(tokens=[TokenAnswer.of(each) for each in app.identity.tokens.list(principal)])


@ROUTER.post("/tokens", status_code=201, summary="Make a token for a machine")
def make_token(new: NewToken, app: InApp, principal: TokenMaker) -> NewTokenAnswer:
    """In one's own name, for a part of what one may do. Its secret is told this once."""
    made, secret = app.identity.tokens.create(principal, new.label, new.permissions, lasts=timedelta(days=new.days))
    return NewTokenAnswer.made(made, secret)


@ROUTER.delete("/tokens/{token}", status_code=204, summary="Revoke a token")
def end_token(token: str, app: InApp, principal: SignedIn) -> Response:
    """One's own, or anybody's for an admin. It stops at once."""
    app.identity.tokens.end(principal, token)
    return Response(status_code=204)
