"""Accounts, sessions and tokens in SQL."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from audience_builder.access import Permission, Role
from audience_builder.errors import ConflictError, NotFoundError
from audience_builder.store.accounts_rows import Account, AccountKind, ApiToken, Session
from audience_builder.store.accounts_tables import ACCOUNT, API_TOKEN, SESSION

UNAUDITED = "is_bookkeeping"
"""The execution option of what nobody did: that a session or token was seen again says no more than the requests themselves."""


class SqlAccounts:
    """The table `account`, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, account: Account) -> None:
        """Keep a new account. Raises ConflictError where its id is taken."""
        try:
            self._connection.execute(insert(ACCOUNT).values(**_account_columns(account)))
        except IntegrityError as error:
            raise ConflictError(f"there is an account {account.id} already", fix="Choose another name.") from error

    def update(self, account: Account) -> None:
        """Keep what changed of an account."""
        self._connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account.id).values(**_account_columns(account)))

    def find(self, account_id: str) -> Account | None:
        """The account of that id; None where there is none."""
        row = self._connection.execute(select(ACCOUNT).where(ACCOUNT.c.id == account_id)).mappings().first()
        return None if row is None else _account(row)

    def named(self, account_id: str) -> Account:
        """The account of that id. Raises NotFoundError."""
        found = self.find(account_id)
        if found is None:
            raise NotFoundError(f"there is no account {account_id!r:.80}", fix="List the accounts to see their ids.")
        return found

    def all(self) -> list[Account]:
        """Every account, oldest first."""
        query = select(ACCOUNT).order_by(ACCOUNT.c.created_at, ACCOUNT.c.id)
        return [_account(row) for row in self._connection.execute(query).mappings()]


class SqlSessions:
    """The table `session`, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, session: Session) -> None:
        """Keep a new session."""
        self._connection.execute(insert(SESSION).values(**asdict(session)))

    def find(self, digest: str) -> Session | None:
        """The session whose secret has that SHA-256."""
        row = self._connection.execute(select(SESSION).where(SESSION.c.digest == digest)).mappings().first()
        return None if row is None else Session(**_words(row))

    def of(self, account_id: str) -> list[Session]:
        """The sessions of an account, newest first."""
        query = select(SESSION).where(SESSION.c.account_id == account_id).order_by(SESSION.c.began_at.desc())
        return [Session(**_words(row)) for row in self._connection.execute(query).mappings()]

    def of_provider(self, provider_session: str) -> list[Session]:
        """The sessions that began with that session of the provider."""
        query = select(SESSION).where(SESSION.c.provider_session == provider_session)
        return [Session(**_words(row)) for row in self._connection.execute(query).mappings()]

    def seen(self, session_id: str, at: datetime) -> None:
        """Note that it is in use."""
        statement = update(SESSION).where(SESSION.c.id == session_id).values(seen_at=at)
        self._connection.execute(statement, execution_options={UNAUDITED: True})

    def end(self, session_id: str) -> None:
        """Forget it."""
        self._connection.execute(delete(SESSION).where(SESSION.c.id == session_id))

    def end_before(self, ends_at: datetime) -> None:
        """Forget those whose time was over by then."""
        self._connection.execute(delete(SESSION).where(SESSION.c.ends_at <= ends_at))


class SqlTokens:
    """The table `api_token`, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token: ApiToken) -> None:
        """Keep a new token."""
        self._connection.execute(
            insert(API_TOKEN).values(**{**asdict(token), "permissions": sorted(token.permissions)})
        )

    def find(self, digest: str) -> ApiToken | None:
        """The token that has that SHA-256."""
        row = self._connection.execute(select(API_TOKEN).where(API_TOKEN.c.digest == digest)).mappings().first()
        return None if row is None else _token(row)

    def named(self, token_id: str) -> ApiToken:
        """The token of that id. Raises NotFoundError."""
        row = self._connection.execute(select(API_TOKEN).where(API_TOKEN.c.id == token_id)).mappings().first()
        if row is None:
            raise NotFoundError(f"there is no token {token_id!r:.80}", fix="List the tokens to see their ids.")
        return _token(row)

    def all(self) -> list[ApiToken]:
        """Every token, newest first."""
        query = select(API_TOKEN).order_by(API_TOKEN.c.created_at.desc(), API_TOKEN.c.id)
        return [_token(row) for row in self._connection.execute(query).mappings()]

    def used(self, token_id: str, at: datetime) -> None:
        """Note that it is in use."""
        statement = update(API_TOKEN).where(API_TOKEN.c.id == token_id).values(used_at=at)
        self._connection.execute(statement, execution_options={UNAUDITED: True})

    def end(self, token_id: str) -> None:
        """Forget it."""
        self._connection.execute(delete(API_TOKEN).where(API_TOKEN.c.id == token_id))


def _words(row: RowMapping) -> dict[str, Any]:
    return {str(key): value for key, value in row.items()}


def _account_columns(account: Account) -> dict[str, Any]:
    return {**asdict(account), "roles": sorted(account.roles)}


def _account(row: RowMapping) -> Account:
    words = _words(row)
    words["kind"], words["roles"] = AccountKind(words["kind"]), frozenset(map(Role, words["roles"]))
    return Account(**words)


def _token(row: RowMapping) -> ApiToken:
    words = _words(row)
    words["permissions"] = frozenset(map(Permission, words["permissions"]))
    return ApiToken(**words)
