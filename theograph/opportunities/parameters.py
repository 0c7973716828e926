"""The rules as tables, so that one expression serves every rule of a family."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from theograph.opportunities.rule import Rule, Signal
from theograph.record.concepts import Concept

_WHOLE, _TEXT, _REAL, _BOOL = pa.int64(), pa.string(), pa.float64(), pa.bool_()
DISTINCT = ("team", "provider", "clinician", "day")  # what different values are counted of
_WINDOW = [
    ("before_days", _WHOLE),
    ("before_hours", _WHOLE),
    ("before_ever", _BOOL),
    ("after_days", _WHOLE),
    ("after_hours", _WHOLE),
]
_SIGNALS = pa.schema(
    [
        ("rule", _WHOLE),
        ("signal_no", _WHOLE),
        ("family", _TEXT),
        ("n", _WHOLE),
        ("in_days", _WHOLE),
        ("silent_days", _WHOLE),
        ("due_days", _WHOLE),
        ("below", _REAL),
        ("times", _REAL),
        ("of", _TEXT),
        ("to", _TEXT),
        ("step_days", _WHOLE),
        ("prior_n", _WHOLE),
        ("prior_days", _WHOLE),
        ("recent_days", _WHOLE),
        ("earlier_days", _WHOLE),
        ("recent_n", _WHOLE),
        ("rise", _REAL),
        ("age_at_least", _WHOLE),
        ("age_below", _WHOLE),
        ("asked_sex", _TEXT),
        ("conditions_at_least", _WHOLE),
        ("cover_days", _WHOLE),
        ("answered", _BOOL),
        *((f"least_{name}", _WHOLE) for name in DISTINCT),
        *_WINDOW,
    ]
)
_USES = pa.schema(
    [
        ("rule", _WHOLE),
        ("signal_no", _WHOLE),
        ("role", _TEXT),
        ("concept", _WHOLE),
        ("alone", _BOOL),
    ]
)
_RULES = pa.schema(
    [
        ("rule", _WHOLE),
        ("rule_id", _TEXT),
        ("once_days", _WHOLE),
        ("needs", _WHOLE),
        ("followed", _BOOL),
        ("itself", _BOOL),
        ("consequence_days", _WHOLE),
    ]
)
_NEEDS = pa.schema([("rule", _WHOLE), ("sector", _TEXT)])
_EXCUSES = pa.schema([("rule", _WHOLE), ("concept", _WHOLE), *_WINDOW])
_OF_RULE = pa.schema([("rule", _WHOLE), ("concept", _WHOLE)])
_CONCEPTS = pa.schema(
    [
        ("key", _TEXT),
        ("concept", _WHOLE),
        ("at_end", _BOOL),
        ("lasts", _BOOL),
        ("long_term", _BOOL),
    ]
)
_DAY = pa.schema([("last_day", pa.date32())])
_SCHEMAS = {
    "signals": _SIGNALS,
    "uses": _USES,
    "rules": _RULES,
    "needs": _NEEDS,
    "excuses": _EXCUSES,
    "excusing": _OF_RULE,
    "follows": _OF_RULE,
    "concepts": _CONCEPTS,
    "day": _DAY,
}


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every number and concept of the rules, as tables of the engine.

    `signals` has a row a signal, `uses` a row for each concept a signal uses and its role
    (signal, review, while, prior, recent, stepped, has, response) and whether the role has it
    `alone`, `concepts` those that any rule uses; `day` is the one day on which the data of
    people without their own ends. Rules and concepts stand under numbers, for speed; `rules`
    and `concepts` have their names.
    """

    signals: ir.Table
    uses: ir.Table
    rules: ir.Table
    needs: ir.Table
    excuses: ir.Table
    excusing: ir.Table
    follows: ir.Table
    concepts: ir.Table
    day: ir.Table
    families: frozenset[str]


def name_parameters(families: frozenset[str]) -> Parameters:
    """The tables of `tabulate_rules`, before they are filled."""
    tables = {
        name: ibis.table(ibis.Schema.from_pyarrow(schema), name=f"of_{name}")
        for name, schema in _SCHEMAS.items()
    }
    return Parameters(**tables, families=families)


def tabulate_rules(
    rules: Mapping[str, Rule], concepts: Mapping[str, Concept], *, as_of: date
) -> dict[str, pa.Table]:
    """The rows of the tables of `Parameters`, by the name of the table."""
    numbered = list(enumerate(rules.values()))
    signals = [
        (rule_no, rule, number, signal)
        for rule_no, rule in numbered
        for number, signal in enumerate(rule.signals, start=1)
    ]
    rows: dict[str, list[dict[str, Any]]] = {
        "signals": [_signal(*each) for each in signals],
        "uses": [use for each in signals for use in _uses(*each)],
        "rules": [_rule(rule_no, rule) for rule_no, rule in numbered],
        "needs": [
            {"rule": rule_no, "sector": need}
            for rule_no, rule in numbered
            for need in set(rule.needs)
        ],
        "excuses": [row for rule_no, rule in numbered for row in _excuses(rule_no, rule)],
        "excusing": [
            {"rule": rule_no, "concept": key}
            for rule_no, rule in numbered
            for excuse in rule.unless
            for key in excuse.has
        ],
        "follows": [
            {"rule": rule_no, "concept": key}
            for rule_no, rule in numbered
            if rule.consequence
            for key in rule.consequence.any
        ],
        "concepts": _concepts(rules, concepts),
        "day": [{"last_day": as_of}],
    }
    numbers = {key: number for number, key in enumerate(concepts)}
    for name in ("uses", "excuses", "excusing", "follows", "concepts"):
        for row in rows[name]:
            row["concept"] = numbers[row["concept"]]
    return {
        f"of_{name}": pa.Table.from_pylist(rows[name], schema=schema)
        for name, schema in _SCHEMAS.items()
    }


def _concepts(rules: Mapping[str, Rule], concepts: Mapping[str, Concept]) -> list[dict[str, Any]]:
    used = frozenset().union(*(rule.concepts for rule in rules.values()))
    return [
        {
            "key": key,
            "concept": key,
            "at_end": concept.at == "end",
            "lasts": concept.lasts,
            "long_term": concept.long_term,
        }
        for key, concept in concepts.items()
        if key in used or concept.long_term
    ]


def _rule(rule_no: int, rule: Rule) -> dict[str, Any]:
    consequence = rule.consequence
    return {
        "rule": rule_no,
        "rule_id": rule.id,
        "once_days": rule.once_per,
        "needs": len(set(rule.needs)),
        "followed": consequence is not None,
        "itself": consequence is not None and consequence.itself,
        "consequence_days": consequence.within if consequence else None,
    }


def _signal(rule_no: int, rule: Rule, number: int, signal: Signal) -> dict[str, Any]:
    window = rule.window(signal)
    before = 0 if window is None else window.before.days
    rising, stopped, overdue = signal.rising, signal.stopped, signal.overdue
    row = {
        "rule": rule_no,
        "signal_no": number,
        "family": signal.family,
        "n": signal.count,
        "in_days": signal.in_,
        "answered": window is not None,
        "age_at_least": signal.where.age_at_least,
        "age_below": signal.where.age_below,
        "asked_sex": signal.where.sex,
        "conditions_at_least": signal.where.conditions_at_least or None,
        # how far back the extracts must reach before anything may be called missing
        "cover_days": max(
            before,
            rising.in_ + rising.against if rising else 0,
            stopped.silent if stopped else 0,
            overdue.after if overdue else 0,
        ),
        **_window_columns(window.before if window else None, window.after if window else None),
    }
    return row | _family(signal) | _narrowing(signal)


def _family(signal: Signal) -> dict[str, Any]:
    if signal.distinct:
        wanted = signal.distinct.wanted
        least = {f"least_{name}": least for name, least in wanted.items()}
        return least | {"n": max(wanted.values())}
    if signal.stopped:
        stopped = signal.stopped
        return {"n": stopped.at_least, "in_days": stopped.in_, "silent_days": stopped.silent}
    if signal.lasting:
        lasting = signal.lasting
        return {"of": lasting.from_, "to": lasting.to, "in_days": lasting.at_least}
    if signal.share:
        share = signal.share
        return {
            "of": share.of,
            "in_days": share.in_,
            "n": share.at_least,
            "below": share.below,
        }
    if signal.stepped_up:
        return {"times": signal.stepped_up.times, "step_days": signal.stepped_up.within}
    if signal.overdue:
        return {"due_days": signal.overdue.after}
    return {}


def _narrowing(signal: Signal) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if signal.after:
        row |= {"prior_n": signal.after.at_least, "prior_days": signal.after.within}
    if signal.rising:
        rising = signal.rising
        row |= {"recent_days": rising.in_, "earlier_days": rising.against}
        row |= {"recent_n": rising.at_least, "rise": rising.times}
    return row


def _window_columns(before: Any, after: Any) -> dict[str, Any]:
    if before is None or after is None:
        return {"before_days": 0, "before_ever": False, "after_days": 0}
    return {
        "before_days": before.days,
        "before_hours": before.hours,
        "before_ever": before.ever,
        "after_days": after.days,
        "after_hours": after.hours,
    }


def _uses(rule_no: int, rule: Rule, number: int, signal: Signal) -> Iterator[dict[str, Any]]:
    roles: dict[str, tuple[str, ...]] = {
        "review" if signal.overdue else "signal": signal.any,
        "while": signal.overdue.while_ if signal.overdue else (),
        "prior": signal.after.any if signal.after else (),
        "recent": signal.rising.any if signal.rising else (),
        "stepped": signal.stepped_up.any if signal.stepped_up else (),
        "has": signal.where.has,
        "response": rule.responses(signal),
    }
    for role, keys in roles.items():
        own = dict.fromkeys(keys)
        for key in own:
            yield {
                "rule": rule_no,
                "signal_no": number,
                "role": role,
                "concept": key,
                "alone": len(own) == 1,
            }


def _excuses(rule_no: int, rule: Rule) -> Iterator[dict[str, Any]]:
    for excuse in rule.unless:
        for key in excuse.any:
            yield {
                "rule": rule_no,
                "concept": key,
                **_window_columns(excuse.before, excuse.after),
            }
