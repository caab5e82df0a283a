"""The product over HTTP: the only place that knows status codes."""

from __future__ import annotations

from audience_builder.api.app import App, Freshness, Loading, Progress, SampleWish

__all__ = ["App", "Freshness", "Loading", "Progress", "SampleWish"]
