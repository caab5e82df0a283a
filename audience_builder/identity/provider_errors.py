"""What can go wrong between a provider and us. What exactly is for the log: a browser is told only that it did not work."""

from __future__ import annotations

from audience_builder.errors import NotSignedInError

_FIX = "Sign in again; if it stays so, ask an admin."


class ProviderError(NotSignedInError):
    """Signing in with the provider did not work. `reason` is a stable word."""

    code = "provider"

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(f"signing in with the provider did not work ({reason}): {message}", fix=_FIX)
        self.reason = reason


class ProviderDownError(ProviderError):
    """The provider cannot be reached, or says what makes no sense."""

    code = "provider_down"

    def __init__(self, message: str) -> None:
        super().__init__("down", message)


class UntrueTokenError(ProviderError):
    """A token that was not made by this provider, for us, for this sign-in, now."""

    code = "token_untrue"


class NoRoleError(ProviderError):
    """The provider knows them, but none of what it says of them is a role here."""

    code = "no_role"

    def __init__(self, message: str) -> None:
        super().__init__("role", message)
