"""Every threshold of a rule, with whose it is: published, ours, or a site's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from theograph.opportunities.numbers import Number, list_numbers
from theograph.opportunities.rule import Rule
from theograph.opportunities.rulebook import load_rules
from theograph.opportunities.wording import SITES_OWN, STANDING


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number: what it decides, the number in words, and whose it is.

    `shipped` is what our rule says where a site changed it, `none` where ours has no such number.
    """

    what: str
    value: str
    standing: str
    shipped: str = ""


def list_thresholds(rule: Rule) -> tuple[Threshold, ...]:
    """Every threshold of `rule`, in the order in which they are met.

    One that several signals share is said once, unless it is published for some of them only.
    """
    shipped = _read_shipped(rule)
    shared: dict[Threshold, list[Number]] = {}
    for number in list_numbers(rule):
        ours = number.said if shipped is None else shipped.get(number.place, "none")
        if ours == number.said:
            mark = _say_standing(number.place, rule)
            threshold = Threshold(number.what, number.said, mark)
        else:
            threshold = Threshold(number.what, number.said, SITES_OWN, ours)
        shared.setdefault(threshold, []).append(number)
    return tuple(_name(threshold, numbers, rule) for threshold, numbers in shared.items())


def say_value(threshold: Threshold) -> str:
    """The number, and what ours is where a site changed it."""
    ours = f" (as shipped: {threshold.shipped})" if threshold.shipped else ""
    return f"{threshold.value}{ours}"


def _read_shipped(rule: Rule) -> Mapping[str, str] | None:
    """What the rule as we ship it says at each place; None for a site's own rule."""
    ours = load_rules().get(rule.id)
    return None if ours is None else {each.place: each.said for each in list_numbers(ours)}


def _say_standing(place: str, rule: Rule) -> str:
    source = rule.source
    if source.published:
        return STANDING["published" if place in source.published else "design choice"]
    return STANDING[source.windows]


def _name(threshold: Threshold, numbers: Sequence[Number], rule: Rule) -> Threshold:
    """The threshold under the signals that it is of, if there are several signals."""
    what = threshold.what
    if not numbers[0].place.startswith("signal."):
        return threshold
    if len(rule.signals) == 1:
        named = what[0].upper() + what[1:]
    else:
        of = sorted({int(number.place.split(".")[1]) for number in numbers})
        named = f"{_name_signals(of, of=len(rule.signals))}: {what}"
    return Threshold(named, threshold.value, threshold.standing, threshold.shipped)


def _name_signals(numbers: Sequence[int], *, of: int) -> str:
    if len(numbers) == of:
        return "Every signal"
    if len(numbers) == 1:
        return f"Signal {numbers[0]}"
    return f"Signals {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
