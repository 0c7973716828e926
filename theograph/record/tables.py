"""The record standard: every column of every table, its type, unit and meaning.

This one file defines what a snapshot holds. The reference page and the empty
frames used elsewhere are generated from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

ColumnType = Literal["text", "texts", "whole", "number", "yes_no", "instant", "date"]

ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    "text": pa.string(),
    "texts": pa.list_(pa.string()),
    "whole": pa.int64(),
    "number": pa.float64(),
    "yes_no": pa.bool_(),
    "instant": pa.timestamp("us"),
    "date": pa.date32(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, and in words its unit and meaning."""

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a snapshot."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema in which the table is stored."""
        return pa.schema([(column.name, ARROW_TYPES[column.type]) for column in self.columns])

    def column(self, name: str) -> Column:
        """The column called `name`; raises `KeyError` when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


WHO = (
    Column(
        "person_ref", "text", "the person, by the store's pseudonymous reference", required=True
    ),
    Column("link_key", "text", "the identifier by which this row was linked to the person"),
)
PROVENANCE = (
    Column("source_file", "text", "name of the file the row came from", required=True),
    Column(
        "source_row", "whole", "line of the row in that file, the header being 1", required=True
    ),
    Column("source_mapping", "text", "mapping with which the file was read", required=True),
)
TAGGED = (
    Column("concepts", "text", "what it means: keys of concepts, separated by ';'"),
    Column("concepts_because", "text", "why each of the concepts was found, in the same order"),
)
CODED = (
    Column("code_system", "text", "terminology of the code: ICD-10, SNOMED CT, dm+d, local, …"),
    Column("code", "text", "principal code as recorded"),
)

EVENTS = Table(
    "events",
    "Contacts, which have one instant, and spells, which last.",
    (
        Column(
            "event_id",
            "text",
            "identifier from the source, or derived from the content",
            required=True,
        ),
        *WHO,
        Column("start", "instant", "when it began, local England time", required=True),
        Column("end", "instant", "when it ended, local England time; empty for a contact"),
        Column("has_time", "yes_no", "false when only the date is known", required=True),
        Column(
            "ongoing",
            "yes_no",
            "true when it has not ended: it runs to the as-of date",
            required=True,
        ),
        Column("sector", "text", "one of the eleven sector keys", required=True),
        Column("kind", "text", "what happened, in a few words", required=True),
        Column("provider", "text", "organisation that provided it"),
        Column("team", "text", "team, specialty or service within the provider"),
        Column("clinician", "text", "who saw the person, by the source's own identifier"),
        Column("mode", "text", "face_to_face, telephone, video, home_visit or written"),
        Column("status", "text", "attended, did_not_attend, cancelled or left_before_seen"),
        Column("planned", "yes_no", "true for planned care, false for unplanned, empty if unknown"),
        Column("description", "text", "free text as recorded"),
        Column("outcome", "text", "how it ended, as recorded"),
        *CODED,
        Column("other_codes", "text", "further codes as recorded, separated by ';'"),
        Column("hrg", "text", "healthcare resource group"),
        Column("spell_id", "text", "spell that several episodes belong to: costed once"),
        Column("duration_minutes", "number", "length of the contact", "minutes"),
        Column(
            "units_per_week",
            "number",
            "planned units a week, hours for home care",
            "units per week",
        ),
        Column("quantity", "number", "number of items, sessions or contacts in the row"),
        Column("requested_at", "instant", "when it was asked for or referred"),
        Column("ready_at", "instant", "when the person was ready to leave"),
        Column("recorded_cost_pence", "whole", "cost as recorded by the source", "pence"),
        Column("recorded_rate_pence", "whole", "recorded cost of one unit", "pence"),
        Column(
            "recorded_rate_unit",
            "text",
            "unit of the recorded rate: once, session, hour, day, week, …",
        ),
        Column(
            "currency",
            "text",
            "currency of the recorded cost, GBP unless stated; only GBP is added up",
        ),
        Column("cost_pence", "whole", "cost used in totals; empty when not costed", "pence"),
        Column(
            "cost_basis",
            "text",
            "recorded, tariff, part_of_spell, no_activity, other_currency or not_costed",
        ),
        Column("cost_line", "text", "code of the unit-cost line used"),
        Column("cost_price_year", "text", "price year of the cost, such as 2024/25"),
        Column("cost_unit", "text", "unit of the line used"),
        Column("cost_units", "number", "number of units costed"),
        *TAGGED,
        *PROVENANCE,
    ),
)

PEOPLE = Table(
    "people",
    "Who the journeys belong to. What a source did not record stays empty.",
    (
        Column("person_ref", "text", "pseudonymous reference, safe in a URL", required=True),
        Column("person_id", "text", "preferred identifier as an extract gave it", required=True),
        Column("name", "text", "name, or empty"),
        Column("date_of_birth", "date", "date of birth"),
        Column("age_years", "whole", "age as recorded, where there is no date of birth", "years"),
        Column("age_at", "date", "date at which the recorded age held"),
        Column("sex", "text", "female, male, other or not_known"),
        Column("ethnicity", "text", "ethnic category as recorded"),
        Column("date_of_death", "date", "date of death"),
        Column(
            "deprivation_decile",
            "whole",
            "index of multiple deprivation, 1 most deprived",
            "decile",
        ),
        Column("socio_economic_category", "text", "area or household classification as recorded"),
        Column("household", "text", "household and living arrangement in words"),
        Column("gp_practice", "text", "registered practice"),
        Column("data_to", "date", "last day of the extracts that hold the person"),
        Column("conflicts", "text", "fields on which the sources disagree, with what each says"),
    ),
)

CONDITIONS = Table(
    "conditions",
    "Long-term and other conditions, from onset.",
    (
        *WHO,
        Column("condition", "text", "name of the condition", required=True),
        Column("onset", "date", "date of onset or first record"),
        Column("end", "date", "date it resolved; empty while it lasts"),
        *CODED,
        Column("provider", "text", "organisation that recorded it"),
        *TAGGED,
        *PROVENANCE,
    ),
)

MEASURES = Table(
    "measures",
    "Scores and readings: frailty, HbA1c, medicines count, PHQ-9 and the like.",
    (
        *WHO,
        Column("measured_at", "instant", "when it was measured, local England time", required=True),
        Column("has_time", "yes_no", "false when only the date is known", required=True),
        Column(
            "measure",
            "text",
            "what was measured: efi, cfs, hba1c, repeat_medicines, …",
            required=True,
        ),
        Column("value", "number", "reading, in the unit stated"),
        Column("unit", "text", "unit of the reading"),
        Column("category", "text", "category in words, such as moderate"),
        *CODED,
        Column("provider", "text", "organisation that measured it"),
        *TAGGED,
        *PROVENANCE,
    ),
)

FEEDS = Table(
    "feeds",
    "What period each provider's extract covers, so that no data is not read as no contact.",
    (
        Column("provider", "text", "organisation; empty when the extract does not name it"),
        Column("sector", "text", "sector the extract covers", required=True),
        Column("start", "date", "first day covered", required=True),
        Column("end", "date", "last day covered", required=True),
        Column(
            "declared", "yes_no", "true when stated by the source, false when read off its events"
        ),
        *PROVENANCE,
    ),
)

IDENTIFIERS = Table(
    "identifiers",
    "Every identifier by which a person is known, and whom it stands for.",
    (
        Column("person_ref", "text", "the person", required=True),
        Column(
            "link_key", "text", "type, scope and value of the identifier in one text", required=True
        ),
        Column("id_type", "text", "nhs_number, pseudonym or local", required=True),
        Column("scope", "text", "provider or layout in which a local number is unique"),
        Column("person_id", "text", "the identifier as the extract gave it", required=True),
    ),
)

REJECTS = Table(
    "rejects",
    "Every row that was read and not kept, with the reason.",
    (
        *PROVENANCE,
        Column("outcome", "text", "duplicate or set_aside", required=True),
        Column("reason", "text", "why, in words", required=True),
        Column("value", "text", "the value that was the reason"),
        Column("row", "text", "the row as read"),
    ),
)

OPPORTUNITIES = Table(
    "opportunities",
    "What the rules found: signals, whether a response came in time, and what followed.",
    (
        Column(
            "person_ref", "text", "the person, by the store's pseudonymous reference", required=True
        ),
        Column("rule", "text", "id of the rule", required=True),
        Column(
            "signal_no", "whole", "which of the rule's signals, the first being 1", required=True
        ),
        Column("status", "text", "met, missed, open or not_assessable", required=True),
        Column("signal_at", "instant", "when the signal stands, local England time", required=True),
        Column("has_time", "yes_no", "false when only the date is known", required=True),
        Column("anchor", "text", "the event, reading or condition the signal stands on"),
        Column("evidence", "texts", "every event, reading or condition that makes the signal"),
        Column("window_start", "date", "first day on which a response counts"),
        Column(
            "due", "date", "last day on which a response is in time; empty if none is asked for"
        ),
        Column("response", "text", "the first response in time"),
        Column("response_at", "instant", "when it came"),
        Column("consequence", "text", "the first of what followed"),
        Column("consequence_at", "instant", "when it came"),
        Column("consequences", "texts", "all of what followed within the rule's time"),
        Column("cost_followed_pence", "whole", "known cost of what followed", "pence"),
        Column("uncovered", "texts", "sectors whose extracts do not cover the window"),
    ),
)

TABLES: tuple[Table, ...] = (
    PEOPLE,
    CONDITIONS,
    MEASURES,
    EVENTS,
    FEEDS,
    IDENTIFIERS,
    REJECTS,
    OPPORTUNITIES,
)

# Which file and line a row came from, and the columns that we work out: never read.
PROVENANCE_NAMES: tuple[str, ...] = tuple(column.name for column in PROVENANCE)
TAGGED_NAMES: tuple[str, ...] = tuple(column.name for column in TAGGED)
PRICED_NAMES: tuple[str, ...] = (
    "cost_pence",
    "cost_basis",
    "cost_line",
    "cost_price_year",
    "cost_unit",
    "cost_units",
)
DERIVED_NAMES: tuple[str, ...] = (*PRICED_NAMES, *TAGGED_NAMES)
