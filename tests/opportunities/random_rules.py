"""Random rules over synthetic concepts: every family, every option."""

from __future__ import annotations

from random import Random
from typing import Any

from theograph.opportunities.rule import Rule

DAYS = (0, 1, 1, 2, 3, 5, 8)
POINTS = ("c1", "c1", "c2", "c2", "c3", "c4", "c5", "c6", "e1", "l1")
LASTING = ("l1", "l2", "l3")
COLUMNS = ("team", "provider", "clinician")
WORDS = {
    "title": "Title",
    "plain": "Plain.",
    "expected": "What was expected",
    "action": "Do it.",
    "theme": "access",
    "severity": "low",
    "source": {
        "title": "Ours", "basis": "design choice", "windows": "design choice", "verified": "no",
    },
}  # fmt: skip


def make_rule(ident: str, **parts: Any) -> Rule:
    """A rule from the parts that decide what it finds, as a file would give them."""
    signals = [{"say": "Something", **signal} for signal in parts.get("signal", ())]
    return Rule.model_validate({"id": ident, **WORDS, **parts, "signal": signals})


def invent_rule(number: int) -> dict[str, Any]:
    """The parts of a rule made from a number, as a file would give them."""
    chance = Random(number)  # noqa: S311 - no secret is made from it
    signals = [invent_signal(chance) for _ in range(chance.choice((1, 1, 2, 3)))]
    due = any("overdue" in signal for signal in signals)
    parts: dict[str, Any] = {"signal": signals}
    parts["needs"] = chance.choice(
        ([], ["gp"], ["ed", "gp"], ["social_care"], ["gp", "community"], ["gp", "pharmacy"])
    )
    if chance.random() < 0.5:
        parts["once_per"] = some_days(chance, least=1)
    if chance.random() < 0.4:
        parts["unless"] = [invent_excuse(chance) for _ in range(chance.choice((1, 1, 2)))]
    if due or chance.random() < 0.85:
        parts["response"] = {"any": some(chance, POINTS), "within": invent_window(chance, due=due)}
    if chance.random() < 0.7:
        within = f"{chance.choice((0, 2, 10, 30))} days"
        following = {"any": some(chance, POINTS), "within": within}
        parts["consequence"] = chance.choice((following, following, {"itself": True}))
    return parts


def some(chance: Random, keys: tuple[str, ...]) -> list[str]:
    """One to three concepts."""
    return sorted({chance.choice(keys) for _ in range(chance.choice((1, 1, 2, 3)))})


def some_days(chance: Random, *, least: int = 0) -> str:
    return f"{max(least, chance.choice(DAYS))} days"


def some_length(chance: Random) -> str:
    """Days, or hours at which the clock of the journeys makes ties."""
    shape = chance.random()
    if shape < 0.3:
        return f"{chance.choice((1, 2, 12, 24, 36))} hours"
    return f"{chance.choice((14, 30))} days" if shape < 0.45 else some_days(chance)


def invent_window(chance: Random, *, due: bool) -> Any:
    """The window of a response; after an overdue review it is whole days."""
    after = some_days(chance) if due and chance.random() < 0.7 else some_length(chance)
    after = after.replace("hours", "days") if due else after
    if chance.random() < 0.5:
        return after
    before = chance.choice(("ever", some_days(chance), some_length(chance)))
    return {"before": before, "after": after}


def invent_excuse(chance: Random) -> dict[str, Any]:
    """Something that happens about the signal, or that stands."""
    if chance.random() < 0.25:
        return {"has": some(chance, LASTING)}
    excuse: dict[str, Any] = {"any": some(chance, POINTS)[:1]}
    for side in ("before", "after"):
        if chance.random() < 0.6:
            excuse[side] = some_length(chance)
    return excuse


def invent_signal(chance: Random) -> dict[str, Any]:
    """A signal of any family, sometimes narrowed."""
    signal = invent_family(chance)
    if chance.random() < 0.25:
        signal["after"] = {
            "any": some(chance, POINTS), "within": some_days(chance),
            **chance.choice(({}, {"at_least": 2})),
        }  # fmt: skip
    if chance.random() < 0.2:
        recent = some_days(chance, least=1)
        signal["rising"] = {
            "any": some(chance, POINTS),
            "in": recent,
            "against": chance.choice((recent, some_days(chance, least=1))),
            "times": chance.choice((1.0, 1.5, 2.0)),
            "at_least": chance.choice((1, 2, 3)),
        }
    if chance.random() < 0.3:
        signal["where"] = invent_where(chance)
    if chance.random() < 0.2:
        signal["within"] = invent_window(chance, due="overdue" in signal)
    return signal


def invent_where(chance: Random) -> dict[str, Any]:
    """One or two of the things that a person may have to be."""
    choices: list[dict[str, Any]] = [
        {"age_at_least": 65},
        {"age_below": 65},
        {"sex": "female"},
        {"has": some(chance, LASTING)},
        {"conditions_at_least": chance.choice((1, 2))},
    ]
    return {**chance.choice(choices), **chance.choice(({}, chance.choice(choices)))}


def invent_family(chance: Random) -> dict[str, Any]:
    """What is seen, without what narrows it."""
    families = {"each": {}, "begins": {"begins": True}}
    families |= invent_counts(chance) | invent_times(chance)
    family = chance.choice(("each", *families))
    return {"any": some(chance, LASTING if family == "begins" else POINTS), **families[family]}


def invent_counts(chance: Random) -> dict[str, Any]:
    """The families that count or compare."""
    few, columns = chance.choice((2, 2, 3)), ("day", *COLUMNS)
    wanted = {
        column: chance.choice((1, 2, 2, 3))
        for column in chance.sample(columns, chance.choice((1, 2)))
    }
    share = {
        "of": chance.choice(COLUMNS),
        "in": f"{chance.choice((5, 30, 365))} days",
        "at_least": few,
        "below": chance.choice((0.5, 0.51, 0.7)),
    }
    step = {
        "any": chance.sample(POINTS, 4),
        "column": "units_per_week",
        "times": chance.choice((1.0, 1.25, 2.0)),
        "within": some_days(chance, least=3),
    }
    return {
        "count": {"count": few, "in": some_days(chance)},
        "distinct": {"distinct": wanted, "in": some_days(chance)},
        "share": {"share": share},
        "stepped_up": {"stepped_up": step},
    }


def invent_times(chance: Random) -> dict[str, Any]:
    """The families that ask how long."""
    lasting = {
        "from": chance.choice(("ready_at", "requested_at", "start")),
        "to": chance.choice(("start", "end", "end")),
        "at_least": some_days(chance),
    }
    stopped = {
        "at_least": chance.choice((1, 2, 3)),
        "in": some_days(chance),
        "silent": some_days(chance, least=1),
    }
    overdue = {"while": some(chance, LASTING), "after": some_days(chance, least=1)}
    return {
        "lasting": {"lasting": lasting},
        "stopped": {"stopped": stopped},
        "overdue": {"overdue": overdue},
    }
