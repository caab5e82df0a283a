"""Sets of users as expressions over words: and, or, and numbers compared by their slices.

A word is 64 users; an expression says for each of them, a bit a user, whether he is in. None is nobody. A sliced number is written
as columns, lowest bit first, of `number - low + 1`; 0 is "unknown". Bits of users who are not active mean nothing: whoever uses an
expression takes it within everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from sqlglot import exp

Bits = exp.Expr


def named(name: str) -> exp.Column:
    """The column of that name. The library's own way reads every name as text first, and a query has thousands."""
    return exp.Column(this=exp.Identifier(this=name, quoted=False))


def every(sets: Sequence[Bits]) -> Bits:
    """Who is in all of them (at least one is given)."""
    return _balanced(sets, lambda one, other: exp.BitwiseAnd(this=one, expression=other))


def either(sets: Sequence[Bits]) -> Bits:
    """Who is in any of them (at least one is given)."""
    return _balanced(sets, lambda one, other: exp.BitwiseOr(this=one, expression=other))


def others(bits: Bits) -> Bits:
    """Who is not in it, those who are nobody among them."""
    return exp.BitwiseNot(this=_operand(bits))


def any_of(sets: Iterable[Bits | None]) -> Bits | None:
    """Who is in any of them, where some may be nobody."""
    found = [bits for bits in sets if bits is not None]
    return either(found) if found else None


def between(slices: Sequence[str], low: int, high: int | None) -> Bits | None:
    """Whose written number lies in [low, high]; `high` None is an open end. What is unknown (0) never does."""
    most = (1 << len(slices)) - 1
    first, last = max(low, 1), most if high is None else min(high, most)
    if first > last:
        return None
    if first == last:
        return _equal(slices, first)
    reaches = at_least(slices, first)
    exceeds = at_least(slices, last + 1)
    if reaches is None or exceeds is None:
        return reaches
    return every((reaches, others(exceeds)))


def at_least(slices: Sequence[str], bound: int) -> Bits | None:
    """Whose written number is `bound` (1 or more) or greater: one step a slice, from the lowest up."""
    if bound >= 1 << len(slices):
        return None
    found: Bits | None = None  # so far every number reaches the bound
    for place, name in enumerate(slices):
        bit = named(name)
        if bound >> place & 1:
            found = bit if found is None else every((bit, found))
        elif found is not None:
            found = either((bit, found))
    return found


def one_of(slices: Sequence[str], numbers: Collection[int], most: int) -> Bits | None:
    """Whose written number is one of these (each at least 1). No number above `most` is ever written."""
    wanted = sorted(number for number in set(numbers) if 1 <= number <= most)
    return _among(slices, wanted, 0, most) if wanted else None


def _equal(slices: Sequence[str], number: int) -> Bits:
    bits = [named(name) for name in slices]
    return every([bit if number >> place & 1 else others(bit) for place, bit in enumerate(bits)])


def _among(slices: Sequence[str], wanted: Sequence[int], start: int, most: int) -> Bits:
    """Of the numbers from `start` on that these slices can write, the wanted ones: at least one, and not all there are."""
    *lower, top = slices
    middle = start + (1 << len(lower))
    halves = (
        (others(named(top)), start, min(middle - 1, most)),
        (named(top), middle, min(start + (1 << len(slices)) - 1, most)),
    )
    parts: list[Bits] = []
    for bit, first, last in halves:
        inside = [number for number in wanted if first <= number <= last]
        if len(inside) == max(0, last - first + 1):
            parts += [bit] if inside else []
        elif inside:
            parts.append(every((bit, _among(lower, inside, first, most))))
    return either(parts)


def _balanced(sets: Sequence[Bits], join: Callable[[Bits, Bits], Bits]) -> Bits:
    """The sets joined in halves: databases bound how deep an expression may be."""
    if len(sets) == 1:
        return sets[0]
    half = len(sets) // 2
    return join(_operand(_balanced(sets[:half], join)), _operand(_balanced(sets[half:], join)))


def _operand(bits: Bits) -> Bits:
    return bits.copy() if isinstance(bits, exp.Column) else exp.Paren(this=bits)
