"""Who somebody is: accounts, passwords, sessions, tokens, and the gate that turns what a request carries into a principal."""

from __future__ import annotations

from audience_builder.identity.accounts import Accounts, NewAccount
from audience_builder.identity.gate import Credentials, Gate, Known
from audience_builder.identity.identity import Identity, open_identity
from audience_builder.identity.policy import Policy
from audience_builder.identity.provider_settings import ProviderSettings
from audience_builder.identity.sessions import Begun, Origin, Sessions
from audience_builder.identity.setup import Setup
from audience_builder.identity.tokens import Tokens

__all__ = [
    "Accounts",
    "Begun",
    "Credentials",
    "Gate",
    "Identity",
    "Known",
    "NewAccount",
    "Origin",
    "Policy",
    "ProviderSettings",
    "Sessions",
    "Setup",
    "Tokens",
    "open_identity",
]
