"""Everything that counts the same rules: the product's engines, other databases at their best, and the memory's own limit."""

from bench.rivals.port import Audience, Rival, Task

__all__ = ["Audience", "Rival", "Task"]
