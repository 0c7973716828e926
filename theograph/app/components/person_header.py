"""Who the journey belongs to. What no source recorded says so; nothing is filled in."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.components.aria import aria
from theograph.figures.wording import short_date
from theograph.journey import Journey, Person

FRAILTY_MEASURES = ("efi", "efi2", "cfs", "frailty")
MEDICINES_MEASURE = "repeat_medicines"
SEX_LABELS = {"female": "Female", "male": "Male", "other": "Other", "not_known": "Sex not known"}


def build_person_header(journey: Journey) -> Component:
    """Name or pseudonym, the facts about the person, and what they live with."""
    person = journey.person
    conflict = f"The sources disagree: {person.conflicts}" if person.conflicts else None
    return html.Div(
        className="tg-who",
        children=[
            html.Div(
                [
                    html.H1(person.name or person.person_id, id=ids.PAGE_TITLE, tabIndex=-1),
                    html.P(" · ".join(describe_person(person)), className="tg-facts"),
                ],
                className="tg-name",
            ),
            html.Ul(_build_chips(journey), className="tg-chips", **aria(label="Conditions")),
            *([html.P(conflict, className="tg-conflict")] if conflict else []),
        ],
    )


def describe_person(person: Person) -> list[str]:
    """The facts about `person` in words, in the order in which they are read."""
    died = (
        [f"Died {short_date(pd.Timestamp(person.date_of_death))}"] if person.date_of_death else []
    )
    decile = person.deprivation_decile
    return [
        "Age not recorded" if person.age_years is None else f"{person.age_years}",
        SEX_LABELS.get(person.sex or "", person.sex or "Sex not recorded"),
        "Deprivation not recorded" if decile is None else f"Deprivation decile {decile}",
        person.socio_economic_category or "Socio-economic category not recorded",
        person.household or "Household not recorded",
        *died,
    ]


def describe_frailty(measures: pd.DataFrame) -> str:
    """How frailty went, such as `Frailty: moderate → severe`; empty when never recorded."""
    rows = measures[measures["measure"].isin(FRAILTY_MEASURES) & measures["category"].notna()]
    steps = rows.sort_values("measured_at", kind="stable")["category"].str.lower()
    changed = steps[steps != steps.shift()].tolist()
    return f"Frailty: {' → '.join(changed[-2:])}" if changed else ""


def describe_medicines(measures: pd.DataFrame) -> str:
    """The latest count of repeat medicines; empty when never recorded."""
    rows = measures[(measures["measure"] == MEDICINES_MEASURE) & measures["value"].notna()]
    if rows.empty:
        return ""
    latest = rows.sort_values("measured_at", kind="stable")["value"].iloc[-1]
    return f"{latest:.0f} medicine{'' if latest == 1 else 's'}"


def _build_chips(journey: Journey) -> list[Component]:
    conditions = journey.conditions
    current = conditions[conditions["end"].isna()]["condition"].drop_duplicates().tolist()
    frailty = describe_frailty(journey.measures)
    medicines = describe_medicines(journey.measures)
    return [
        *[html.Li(name, className="tg-chip") for name in current],
        *([] if current else [_build_absent("Conditions not recorded")]),
        html.Li(frailty, className="tg-chip tg-chip-frailty")
        if frailty
        else _build_absent("Frailty not recorded"),
        html.Li(medicines, className="tg-chip tg-chip-medicines")
        if medicines
        else _build_absent("Medicines not recorded"),
    ]


def _build_absent(text: str) -> Component:
    return html.Li(text, className="tg-chip tg-chip-absent")
