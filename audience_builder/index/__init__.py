"""The mart as arrays in memory: what the bitmap engine reads. Built from a mart, saved as files, mapped back at once."""

from audience_builder.index.build import build, opened
from audience_builder.index.contents import Index, Log, Table, Traits, TraitsFor, Users, traits_from
from audience_builder.index.saved import is_whole, load
from audience_builder.index.source import CursorSource, Source, WithTraits

__all__ = [
    "CursorSource",
    "Index",
    "Log",
    "Source",
    "Table",
    "Traits",
    "TraitsFor",
    "Users",
    "WithTraits",
    "build",
    "is_whole",
    "load",
    "opened",
    "traits_from",
]
