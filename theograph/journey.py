"""One person's story: who they are, what happened, what it cost.

A `Journey` is everything a picture, a page or an export needs. It is assembled from
rows of a snapshot and never changed afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

import pandas as pd

from theograph.costing import spread_cost_by_month

STATUSES = ("missed", "open", "met", "not_assessable")


@dataclass(frozen=True, slots=True)
class Person:
    """Who the journey belongs to; what no source recorded is None."""

    ref: str
    person_id: str
    name: str | None = None
    date_of_birth: date | None = None
    age_years: int | None = None
    sex: str | None = None
    ethnicity: str | None = None
    date_of_death: date | None = None
    deprivation_decile: int | None = None
    socio_economic_category: str | None = None
    household: str | None = None
    gp_practice: str | None = None
    conflicts: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Headline figures of a journey. Money is in pence.

    `emergency_admissions` counts unplanned hospital spells (where the source does not say
    whether it was planned, those called emergency admissions), `hospital_nights` the distinct
    nights spent in hospital, `contact_days` the distinct days with an attended contact or the
    start of a spell (letters, and the voluntary and home lane, left out), `teams` the
    distinct teams behind those. `cost_by_basis` says how many events, and how much, were
    recorded by a source, priced by tariff or not costed; `other_currencies` is what those
    recorded in other money come to, in hundredths of each, which no total holds. `missed`,
    `open`, `met` and `not_assessable` count opportunities, and `cost_followed_pence` is the
    cost of all that followed the missed ones, each event once.
    """

    events: int
    cost_pence: int
    cost_by_sector: dict[str, int]
    cost_by_provider: dict[str, int]
    cost_by_financial_year: dict[str, int]
    cost_by_basis: dict[str, dict[str, int]]
    price_years: list[str]
    emergency_admissions: int
    hospital_nights: int
    contact_days: int
    teams: int
    providers: int
    did_not_attend: int
    missed: int
    open: int
    met: int
    not_assessable: int
    cost_followed_pence: int
    other_currencies: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Journey:
    """One person's record, priced and summed up. Frames hold the columns of `record.tables`.

    `opportunities` has no columns at all when no rules have been applied.
    """

    person: Person
    events: pd.DataFrame
    conditions: pd.DataFrame
    measures: pd.DataFrame
    feeds: pd.DataFrame
    opportunities: pd.DataFrame
    as_of: pd.Timestamp
    snapshot: str
    summary: Summary
    cost_by_month: pd.DataFrame


def assemble_journey(
    person: Mapping[str, Any],
    *,
    events: pd.DataFrame,
    conditions: pd.DataFrame,
    measures: pd.DataFrame,
    feeds: pd.DataFrame,
    as_of: pd.Timestamp,
    snapshot: str,
    opportunities: pd.DataFrame | None = None,
) -> Journey:
    """Assemble a journey from one row of `people` and that person's rows of the other tables.

    Frames hold the columns of `record.tables`; `as_of` is the day up to which the data speaks.
    Without `opportunities`, no rules have been applied.
    """
    found = pd.DataFrame() if opportunities is None else sort_opportunities(opportunities)
    events = events.sort_values(["start", "event_id"], kind="stable", ignore_index=True)
    cost_by_month = spread_cost_by_month(events, as_of=as_of)
    return Journey(
        person=_describe_person(person, as_of),
        events=events,
        conditions=conditions.sort_values(["onset", "condition"], ignore_index=True),
        measures=measures.sort_values(["measured_at", "measure"], ignore_index=True),
        feeds=feeds.reset_index(drop=True),
        opportunities=found,
        as_of=as_of,
        snapshot=snapshot,
        summary=summarise_journey(events, cost_by_month, found, as_of=as_of),
        cost_by_month=cost_by_month,
    )


def sort_opportunities(opportunities: pd.DataFrame) -> pd.DataFrame:
    """`opportunities` by the time of their signal; their row number names them in an address."""
    if opportunities.empty:
        return opportunities.reset_index(drop=True)
    order = ["signal_at", "rule", "anchor", "signal_no"]
    return opportunities.sort_values(order, kind="stable", ignore_index=True)


def summarise_journey(
    events: pd.DataFrame,
    cost_by_month: pd.DataFrame,
    opportunities: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> Summary:
    """The headline figures; `cost_by_month` is the cost of `events` as spread over time."""
    attended = events[~events["status"].isin(["did_not_attend", "cancelled"])]
    hospital = attended[attended["sector"] == "hospital"]
    not_called_emergency = hospital["kind"].str.lower() != "emergency admission"
    emergency = hospital[~hospital["planned"].astype("boolean").fillna(not_called_emergency)]
    contacts = attended[(attended["mode"] != "written") & (attended["sector"] != "voluntary")]
    teams = contacts.loc[contacts["team"].notna(), ["provider", "team"]].drop_duplicates()
    return Summary(
        events=len(events),
        cost_pence=int(events["cost_pence"].fillna(0).sum()),
        cost_by_sector=_sum_by(events, events["sector"]),
        cost_by_provider=_sum_by(events, events["provider"].fillna("not recorded")),
        cost_by_financial_year=_sum_by(cost_by_month, cost_by_month["financial_year"]),
        cost_by_basis=_count_by_basis(events),
        price_years=sorted(
            events.loc[events["cost_basis"] == "tariff", "cost_price_year"].unique()
        ),
        emergency_admissions=_count_spells(emergency),
        hospital_nights=count_nights(hospital, as_of=as_of),
        contact_days=int(contacts["start"].dt.normalize().nunique()),
        teams=len(teams),
        providers=int(events["provider"].nunique()),
        did_not_attend=int((events["status"] == "did_not_attend").sum()),
        **_count_opportunities(opportunities),
        cost_followed_pence=sum_cost_followed(opportunities, events),
        other_currencies=_sum_other_currencies(events),
    )


def sum_cost_followed(opportunities: pd.DataFrame, events: pd.DataFrame) -> int:
    """Pence of all events that followed a missed opportunity, each once however many point at it.

    What followed is named by the first event of its spell; the whole spell counts.
    """
    if opportunities.empty:
        return 0
    missed = opportunities.loc[opportunities["status"] == "missed", "consequences"]
    named = {event_id for ids in missed for event_id in ids}
    followed = events[events["event_id"].isin(named)]
    spell = ["provider", "source_mapping", "spell_id"]
    spells = followed.loc[followed["spell_id"].notna(), spell].drop_duplicates()
    rows = (followed[followed["spell_id"].isna()], events.merge(spells, on=spell))
    return sum(int(some["cost_pence"].fillna(0).sum()) for some in rows)


def count_nights(spells: pd.DataFrame, *, as_of: pd.Timestamp) -> int:
    """Distinct nights covered by `spells`: overlapping episodes count a night once.

    A night belongs to the day on which it begins; an ongoing spell runs to `as_of`.
    """
    first = spells["start"].dt.normalize()
    last = spells["end"].where(~spells["ongoing"], as_of).fillna(spells["start"]).dt.normalize()
    spans = pd.DataFrame({"first": first, "last": last}).sort_values(["first", "last"])
    reached = spans["last"].cummax().shift()
    begin = spans["first"].where(reached.isna() | (spans["first"] >= reached), reached)
    nights = (spans["last"] - begin).dt.days
    return int(nights.clip(lower=0).sum())


def journey_document(journey: Journey) -> dict[str, Any]:
    """The journey as plain values for JSON: ISO dates, pence, provenance on every event."""
    return {
        "person": _plain(asdict(journey.person)),
        "as_of": journey.as_of.date().isoformat(),
        "snapshot": journey.snapshot,
        "summary": asdict(journey.summary),
        "conditions": _records(journey.conditions.assign(has_time=False)),
        "measures": _records(journey.measures),
        "feeds": _records(journey.feeds.assign(has_time=False)),
        "events": _records(journey.events),
        "opportunities": _records(_date_windows(journey.opportunities)),
    }


def _describe_person(row: Mapping[str, Any], as_of: pd.Timestamp) -> Person:
    known: dict[str, Any] = {name: None if pd.isna(value) else value for name, value in row.items()}
    known["ref"] = known["person_ref"]
    known["age_years"] = _age(known, as_of)
    values: dict[str, Any] = {field.name: known.get(field.name) for field in fields(Person)}
    return Person(**values)


def _age(known: Mapping[str, Any], as_of: pd.Timestamp) -> int | None:
    born = known.get("date_of_birth")
    if born is None:
        return known.get("age_years")
    until = min(known.get("date_of_death") or as_of.date(), as_of.date())
    return int(until.year - born.year - ((until.month, until.day) < (born.month, born.day)))


def _count_spells(episodes: pd.DataFrame) -> int:
    """Distinct spells; a spell number is its provider's own, as an event id is its source's."""
    spell = episodes["spell_id"].fillna(episodes["event_id"])
    keys = episodes.assign(spell=spell)[["provider", "source_mapping", "spell"]]
    return len(keys.drop_duplicates())


def _count_opportunities(opportunities: pd.DataFrame) -> dict[str, int]:
    if opportunities.empty:
        return dict.fromkeys(STATUSES, 0)
    return {status: int((opportunities["status"] == status).sum()) for status in STATUSES}


def _date_windows(opportunities: pd.DataFrame) -> pd.DataFrame:
    """`opportunities` with windows as dates: they never have a time, whatever the signal has."""
    if opportunities.empty:
        return opportunities
    days = {name: opportunities[name].dt.date for name in ("window_start", "due")}
    return opportunities.assign(**days)


def _sum_by(frame: pd.DataFrame, key: pd.Series) -> dict[str, int]:
    sums = frame["cost_pence"].fillna(0).groupby(key).sum()
    return {str(name): int(pence) for name, pence in sums.items()}


def _count_by_basis(events: pd.DataFrame) -> dict[str, dict[str, int]]:
    grouped = events["cost_pence"].fillna(0).groupby(events["cost_basis"])
    return {
        str(basis): {"events": len(pence), "pence": int(pence.sum())} for basis, pence in grouped
    }


def _sum_other_currencies(events: pd.DataFrame) -> dict[str, int]:
    other = events[events["cost_basis"] == "other_currency"]
    sums = other["recorded_cost_pence"].fillna(0).groupby(other["currency"].str.upper()).sum()
    return {str(currency): int(amount) for currency, amount in sums.items()}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [_plain(row) for row in frame.to_dict("records")]


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    dates_only = row.get("has_time") is False
    return {str(name): _plain_value(value, dates_only) for name, value in row.items()}


def _plain_value(value: Any, dates_only: bool) -> Any:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [str(part) for part in value]
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp) and dates_only and value == value.normalize():
        return value.date().isoformat()
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
