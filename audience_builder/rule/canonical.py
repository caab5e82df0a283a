"""One way to write a rule: equal canonical forms mean the same users, and their hash is the key of every cache.

Flattened and sorted groups, sorted option lists, defaults left out, one owner per fact, and negations said the shortest way. Ids are
not part of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, cast

import orjson

from audience_builder.catalog import BY_KEY
from audience_builder.catalog.filter import Aggregate, Kind
from audience_builder.catalog.operator import POSITIVE_OF, Operator
from audience_builder.rule.check_condition import bounds
from audience_builder.rule.defaults import measure_of, window_of
from audience_builder.rule.tree import All, AnyOf, AtLeast, Condition, Node, Not, PropertyValue, Range, Rule, Stay

Form = dict[str, Any]
_NEGATIVE_OF = {positive: negative for negative, positive in POSITIVE_OF.items()}
_OPPOSITE_ORDER = {
    Operator.GE: Operator.LT,
    Operator.GT: Operator.LE,
    Operator.LE: Operator.GT,
    Operator.LT: Operator.GE,
}


def canonical(rule: Rule) -> Form:
    """The rule's canonical JSON, without ids."""
    return {"version": rule.version, "root": canonical_node(rule.root)}


def rule_hash(rule: Rule) -> str:
    """SHA-256 (hex) of the canonical form."""
    return _digest(canonical(rule))


def node_key(node: Node) -> str:
    """A short key equal for nodes that mean the same users."""
    return _digest(canonical_node(node))[:32]


def condition_key(condition: Condition) -> str:
    """A short key equal for conditions that mean the same users."""
    return _digest(_condition(condition))[:32]


def canonical_node(node: Node) -> Form:
    """The node's canonical JSON, without ids."""
    match node:
        case Condition():
            return _condition(node)
        case Not():
            return _negated(canonical_node(node.child))
        case AtLeast():
            return _at_least(node)
        case All():
            return _group("all", map(canonical_node, node.children))
        case AnyOf():
            return _group("any", map(canonical_node, node.children))


def _at_least(node: AtLeast) -> Form:
    children = [canonical_node(child) for child in node.children]
    if node.k == len(children):
        return _group("all", children)
    if node.k == 1:
        return _group("any", children)
    return {"type": "at_least", "k": node.k, "children": sorted(children, key=_digest)}


def _group(kind: str, children: Iterable[Form]) -> Form:
    flat: dict[str, Form] = {}
    for child in children:
        for part in child["children"] if child["type"] == kind else (child,):
            flat[_digest(part)] = part
    if len(flat) == 1:
        return next(iter(flat.values()))
    return {"type": kind, "children": [flat[key] for key in sorted(flat)]}


def _negated(form: Form) -> Form:
    if form["type"] == "not":
        return form["child"]
    if form["type"] == "condition":
        return _negated_condition(form)
    return {"type": "not", "child": form}


def _negated_condition(form: Form) -> Form:
    """Not of a condition as another condition where one says exactly that."""
    operator = Operator(form["operator"])
    other = POSITIVE_OF.get(operator) or _NEGATIVE_OF.get(operator)
    if other is not None:
        return _tidied({**form, "operator": other.value})
    if operator in _OPPOSITE_ORDER and _is_always_known(form):
        return _tidied({**form, "operator": _OPPOSITE_ORDER[operator].value})
    return {"type": "not", "child": form}


def _is_always_known(form: Form) -> bool:
    asked = BY_KEY[form["filter"]]
    measure = asked.measure(form["measure"])
    return measure is not None and not measure.can_be_unknown and asked.kind in (Kind.EVENTS, Kind.NUMBER)


# --- conditions -----------------------------------------------------------------------------------------------------------


def _condition(condition: Condition) -> Form:
    owned = _owned(condition)
    window = window_of(owned)
    return _tidied(
        {
            "type": "condition",
            "filter": owned.filter,
            "measure": measure_of(owned).key,
            "operator": owned.operator.value,
            "value": _value(owned.value, owned.operator),
            "window": None if window is None else window.model_dump(mode="json", exclude_none=True),
            "properties": _properties(owned),
        }
    )


def _tidied(form: Form) -> Form:
    """Whole-number comparisons said one way: `> n` is `>= n+1`, `< 1` of a count is `= 0`."""
    operator, value = form["operator"], form["value"]
    if isinstance(value, int) and operator in (">", "<") and not _is_at_bound(form):
        operator, value = (">=", value + 1) if operator == ">" else ("<=", value - 1)
    if isinstance(value, list) and operator == "between" and value[0] == value[1]:
        operator, value = "=", value[0]
    if operator == "<=" and value == 0 and _counts(form):
        operator = "="
    if operator == "!=" and value == 0 and _counts(form):
        operator, value = ">=", 1
    return {**form, "operator": operator, "value": value}


def _is_at_bound(form: Form) -> bool:
    """Whether the next number is one no condition can name: `< 0`, `> 1000` permille."""
    measure = BY_KEY[form["filter"]].measure(form["measure"])
    return measure is None or form["value"] == bounds(measure)[form["operator"] == ">"]


def _counts(form: Form) -> bool:
    measure = BY_KEY[form["filter"]].measure(form["measure"])
    return measure is not None and measure.aggregate in (
        Aggregate.COUNT,
        Aggregate.DISTINCT_DAYS,
        Aggregate.DISTINCT_LINES,
    )


def _value(value: object, operator: Operator) -> object:
    if hasattr(value, "model_dump"):
        return cast(Any, value).model_dump(mode="json", exclude_none=True)
    if isinstance(value, tuple):
        items = cast("tuple[int | str, ...]", value)
        return list(items) if operator is Operator.BETWEEN else sorted({str(item) for item in items})
    return value


_PROPERTY_DEFAULTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("booking_count", "status"): ("confirmed",),
    ("booking_count", "basis"): ("booked",),
    ("wishlist", "state"): ("any",),
    **{(key, "action"): ("booked",) for key in ("space_rental", "leisure", "rental_car", "transport")},
}


def _properties(condition: Condition) -> Form:
    found: Form = {}
    for key in sorted(condition.properties):
        value = condition.properties[key]
        if _PROPERTY_DEFAULTS.get((condition.filter, key)) == value:
            continue
        if isinstance(value, Range | Stay):
            found[key] = value.model_dump(mode="json", exclude_none=True)
        else:
            found[key] = sorted(set(value)) if isinstance(value, tuple) else value
    return found


# --- one owner per fact ---------------------------------------------------------------------------------------------------

_SEARCHES = ("search_region", "search_stay_type", "search_theme")
_PLAN = {"region": "region", "stay": "date"}
_ABROAD = {"region": "destination", "stay": "stay", "nights": "nights", "travel_party": "travel_party"}
_OWNERS = {"space": "space_rental", "leisure_ticket": "leisure", "rental_car": "rental_car"}
_MEASURES = {"bookings": "events", "events": "events", "days": "days"}
_ACTIONS = {"booking_count": "booked", "viewed_category": "viewed"}


def _owned(condition: Condition) -> Condition:
    """The same condition under the filter that owns its fact (`vocabulary.md` §1.2)."""
    if condition.filter in _SEARCHES:
        return condition.model_copy(update={"filter": _search_owner(condition)})
    return _line_owned(condition) if condition.filter in _ACTIONS else condition


def _search_owner(condition: Condition) -> str:
    for key, prop in zip(_SEARCHES, ("region", "stay_type", "theme"), strict=True):
        if prop in condition.properties:
            return key
    return "search_region"


def _line_owned(condition: Condition) -> Condition:
    """Bookings (or views) of one cross-sell line alone belong to that line's filter."""
    asked: dict[str, PropertyValue] = {k: v for k, v in condition.properties.items() if k != "product_line"}
    lines = condition.properties.get("product_line")
    line = lines[0] if isinstance(lines, tuple) and len(lines) == 1 else ""
    measure = _MEASURES[measure_of(condition).key]
    action = _ACTIONS[condition.filter]
    if line == "overseas_stay" and action == "booked" and set(asked) <= set(_ABROAD):
        return _moved(condition, "overseas_booking", measure, _renamed(asked, _ABROAD, product_line=line))
    if line in _OWNERS and set(asked) <= set(_PLAN):
        return _moved(condition, _OWNERS[line], measure, _renamed(asked, _PLAN, action=action))
    return condition


def _renamed(asked: Mapping[str, PropertyValue], names: Mapping[str, str], **more: str) -> dict[str, PropertyValue]:
    found: dict[str, PropertyValue] = {names[key]: value for key, value in asked.items()}
    for key, word in more.items():
        found[key] = (word,)
    return found


def _moved(condition: Condition, key: str, measure: str, properties: dict[str, PropertyValue]) -> Condition:
    return condition.model_copy(
        update={"filter": key, "measure": measure, "window": window_of(condition), "properties": properties}
    )


def _digest(form: object) -> str:
    return hashlib.sha256(orjson.dumps(form, option=orjson.OPT_SORT_KEYS)).hexdigest()
