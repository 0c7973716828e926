"""Asking a store for its opportunities: whose, of which status and rule, by which engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from theograph.errors import UsageError
from theograph.journey import STATUSES
from theograph.opportunities.rulebook import Rulebook
from theograph.reading import Records


@dataclass(frozen=True, slots=True)
class Choice:
    """Which opportunities are asked for; without `ref` everyone's, without `rules` every rule's."""

    ref: str | None
    statuses: tuple[str, ...]
    rules: tuple[str, ...]


def read_choice(
    records: Records,
    rulebook: Rulebook,
    *,
    person: str | None,
    status: str,
    rules: Sequence[str],
) -> Choice:
    """What a user asked for; `UsageError` for a status or rule there is none of,
    `UnknownPersonError` for a person."""
    statuses = tuple(part.strip() for part in status.split(",") if part.strip())
    for given in statuses or ("",):
        if given not in STATUSES:
            raise UsageError(f"status '{given}': is none; choose from {', '.join(STATUSES)}")
    wanted = tuple(rule.upper() for rule in rules)
    for rule in wanted:
        if rule not in rulebook.rules:
            raise UsageError(f"rule '{rule}': there is none; theograph rules lists them")
    ref = None if person is None else records.find_person(person)
    return Choice(ref, statuses, wanted)


def choose_opportunities(
    records: Records, rulebook: Rulebook, choice: Choice, *, engine: str
) -> Iterable[dict[str, Any]]:
    """The opportunities asked for: as they stand in the store, or worked out anew by `spark`."""
    if engine == "spark":
        return _work_out_with_spark(records, rulebook, choice)
    return records.list_opportunities(ref=choice.ref, statuses=choice.statuses, rules=choice.rules)


def _work_out_with_spark(
    records: Records, rulebook: Rulebook, choice: Choice
) -> Iterator[dict[str, Any]]:
    # the engine takes a second to load, and the store holds what it found already
    from theograph.opportunities.screen import screen_with_spark
    from theograph.opportunities.workbench import open_spark

    snapshot = records.snapshot
    with open_spark() as session:
        found = screen_with_spark(snapshot.path, rulebook, session, as_of=snapshot.as_of)
    ids = records.name_people()
    rows = sorted(found.to_pylist(), key=lambda row: (ids[row["person_ref"]], row["person_ref"]))
    for row in rows:
        if (
            choice.ref in (None, row["person_ref"])
            and row["status"] in choice.statuses
            and (not choice.rules or row["rule"] in choice.rules)
        ):
            yield row | {"person_id": ids[row["person_ref"]]}
