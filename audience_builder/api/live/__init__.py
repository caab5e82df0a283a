"""Counts that keep themselves up to date: one WebSocket carries rules in and their exact numbers out."""

from __future__ import annotations

from audience_builder.api.live.hub import Hub
from audience_builder.api.live.socket import ROUTER

__all__ = ["ROUTER", "Hub"]
