"""The published theograph example of HFMA and NHS England (2021), reproduced to the pound.

Published: age 72, female, deprivation decile 4, "Established Farming Communities", 4 long-term
conditions, severe frailty, the disease casemix, and costs of £18,100 (2016/17) and £24,570
(2017/18). Every event, date, provider and single cost is invented so as to add up to that.

Rebuild with `python -m theograph.synth.patient_72 sample_data/patient_72`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from theograph.synth.csv_text import Extract, write_extracts

NHS_NUMBER = "9993058173"
DATE_OF_BIRTH = "1945-06-14"
PUBLISHED_POUNDS = {"2016/17": 18_100, "2017/18": 24_570}

ACUTE = "Ravensfold Hospitals"
SECOND_ACUTE = "Stonemarch Infirmary"
INDEPENDENT = "Stonemarch Park Clinic"
AMBULANCE = "Harlewold Ambulance Service"
MENTAL_HEALTH = "Harlewold Mental Health"
COMMUNITY = "Ravensfold Community Care"
COUNCIL = "Harlewold County Council"
SURGERY = "Ravensfold Surgery"


@dataclass(frozen=True, slots=True)
class Cost:
    """One invented event with what it cost, in whole pounds; `end` only for spells."""

    start: str
    sector: str
    kind: str
    provider: str
    team: str
    pounds: int
    note: str
    end: str = ""
    planned: str = "true"


def _every(first: str, days: int, times: int, at: str) -> Iterator[str]:
    day = date.fromisoformat(first)
    for step in range(times):
        yield f"{(day + timedelta(days * step)).isoformat()} {at}"


def _regular_contacts() -> Iterator[Cost]:
    # sector, kind, provider, team, pounds, note, then first day, interval in days, times, clock
    table = (
        ("gp", "GP consultation", SURGERY, "General practitioner", 36,
         "Blood pressure, mood and medicines", "2016-04-07", 28, 12, "10:20"),
        ("gp", "GP consultation", SURGERY, "General practitioner", 37,
         "Blood pressure, mood and medicines", "2017-04-06", 28, 12, "10:20"),
        ("gp", "Practice nurse appointment", SURGERY, "Practice nurse", 11,
         "Blood tests", "2016-04-20", 70, 5, "09:10"),
        ("gp", "Practice nurse appointment", SURGERY, "Practice nurse", 11,
         "Blood tests", "2017-04-26", 84, 4, "09:10"),
        ("mental_health", "Community mental health contact", MENTAL_HEALTH,
         "Community mental health team", 127, "Care coordinator's visit", "2016-04-12", 28, 13,
         "14:00"),
        ("mental_health", "Community mental health contact", MENTAL_HEALTH,
         "Community mental health team", 131, "Care coordinator's visit", "2017-04-04", 28, 12,
         "14:00"),
        ("community", "District nurse visit", COMMUNITY, "District nursing", 38,
         "Leg dressing", "2016-04-15", 28, 12, "11:00"),
        ("community", "District nurse visit", COMMUNITY, "District nursing", 38,
         "Leg dressing", "2017-04-07", 28, 13, "11:00"),
        ("community", "Podiatry contact", COMMUNITY, "Podiatry", 42,
         "Diabetic foot check", "2016-05-11", 84, 4, "13:15"),
        ("community", "Podiatry contact", COMMUNITY, "Podiatry", 43,
         "Diabetic foot check", "2017-05-31", 112, 3, "13:15"),
    )  # fmt: skip
    for sector, kind, provider, team, pounds, note, first, days, times, at in table:
        for start in _every(first, days, times, at):
            yield Cost(start, sector, kind, provider, team, pounds, note)


def _single_contacts() -> Iterator[Cost]:
    yield Cost("2016-10-05 09:30", "gp", "Annual review", SURGERY, "Practice nurse", 25,
               "Diabetes annual review")  # fmt: skip
    yield Cost("2017-10-04 09:30", "gp", "Annual review", SURGERY, "Practice nurse", 26,
               "Diabetes annual review")  # fmt: skip
    clinics = (
        ("2016-05-19 09:40", ACUTE, "Renal medicine", 120),
        ("2016-07-14 14:10", SECOND_ACUTE, "Ophthalmology", 120),
        ("2016-09-15 09:40", ACUTE, "Renal medicine", 120),
        ("2017-01-19 09:40", ACUTE, "Renal medicine", 120),
        ("2017-05-11 09:40", ACUTE, "Renal medicine", 125),
        ("2017-07-13 14:10", SECOND_ACUTE, "Ophthalmology", 125),
        ("2017-10-12 09:40", ACUTE, "Renal medicine", 125),
        ("2018-02-15 09:40", ACUTE, "Renal medicine", 125),
    )
    for start, provider, team, pounds in clinics:
        yield Cost(start, "outpatients", "Outpatient appointment", provider, team, pounds,
                   f"{team} clinic")  # fmt: skip
    for start, kind, team, pounds in (
        ("2017-08-11 16:30", "Crisis team contact", "Crisis team", 197),
        ("2017-08-15 10:00", "Crisis team contact", "Crisis team", 197),
        ("2017-09-05 11:30", "Psychiatric liaison contact", "Psychiatric liaison", 210),
    ):
        yield Cost(start, "mental_health", kind, MENTAL_HEALTH, team, pounds,
                   "Seen at a difficult time", planned="false")  # fmt: skip


def _hospital() -> Iterator[Cost]:
    yield Cost("2016-08-18 08:00", "hospital", "Day case", INDEPENDENT, "Ophthalmology", 735,
               "Cataract operation", "2016-08-18 15:30")  # fmt: skip
    # 999 call, arrival, admission, discharge; then pounds: ambulance, A&E, stay
    crises = (
        ("2016-11-08 10:05", "2016-11-08 11:20", "2016-11-08 15:05", "2016-11-14 13:30",
         ACUTE, "Urinary infection", 247, 148, 3_081),
        ("2017-05-17 06:30", "2017-05-17 07:50", "2017-05-17 12:10", "2017-05-24 14:00",
         ACUTE, "Acute kidney injury", 252, 160, 2_604),
        ("2017-09-02 21:15", "2017-09-02 22:40", "2017-09-03 02:20", "2017-09-13 15:10",
         SECOND_ACUTE, "High blood sugar and confusion", 252, 160, 3_480),
        ("2018-01-16 08:40", "2018-01-16 09:55", "2018-01-16 14:30", "2018-01-25 12:45",
         ACUTE, "Pneumonia", 252, 160, 2_807),
    )  # fmt: skip
    for called, arrived, admitted, left, trust, reason, ambulance, emergency, stay in crises:
        yield Cost(called, "ambulance", "See, treat and convey", AMBULANCE, "Ambulance crew",
                   ambulance, reason, planned="false")  # fmt: skip
        yield Cost(arrived, "ed", "Emergency department attendance", trust,
                   "Emergency department", emergency, reason, admitted, "false")  # fmt: skip
        yield Cost(admitted, "hospital", "Emergency admission", trust, "General medicine",
                   stay, reason, left, "false")  # fmt: skip


def _council() -> Iterator[Cost]:
    for start, kind, pounds in (
        ("2016-06-15", "Care needs assessment", 148),
        ("2016-12-07", "Social care review", 92),
        ("2017-06-07", "Care needs assessment", 151),
        ("2018-02-07", "Social care review", 94),
    ):
        yield Cost(start, "social_care", kind, COUNCIL, "Adult social care", pounds, kind)
    # Home care stops while she is in hospital and at the end of the financial year, so that no
    # package straddles 31 March: pounds a day, first day, last day.
    packages = (
        (29, "2016-04-01", "2016-11-07"),
        (29, "2016-11-15", "2017-03-31"),
        (31, "2017-04-01", "2017-05-16"),
        (31, "2017-05-25", "2017-09-01"),
        (31, "2017-09-14", "2018-01-15"),
        (31, "2018-01-26", "2018-03-31"),
    )
    for pounds_a_day, first, last in packages:
        days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
        yield Cost(first, "social_care", "Home care", COUNCIL, "Home care", days * pounds_a_day,
                   "Home care, twice a day", last)  # fmt: skip


def list_costs() -> tuple[Cost, ...]:
    """Every event with its cost, in time order."""
    costs = (*_regular_contacts(), *_single_contacts(), *_hospital(), *_council())
    return tuple(sorted(costs, key=lambda cost: (cost.start, cost.sector, cost.kind)))


def build_extracts() -> tuple[Extract, ...]:
    """The person's events, record and feed coverage in Theograph's own layouts."""
    return (_events(), _people(), _conditions(), _measures(), _feeds())


def _events() -> Extract:
    columns = (
        "event_id", "person_id", "start", "end", "sector", "kind", "provider", "team", "status",
        "planned", "description", "cost_gbp",
    )  # fmt: skip
    rows = tuple(
        {
            "event_id": f"E{number:04d}",
            "person_id": NHS_NUMBER,
            "start": cost.start.replace(" ", "T"),
            "end": cost.end.replace(" ", "T"),
            "sector": cost.sector,
            "kind": cost.kind,
            "provider": cost.provider,
            "team": cost.team,
            "status": "attended",
            "planned": cost.planned,
            "description": cost.note,
            "cost_gbp": f"{cost.pounds}.00",
        }
        for number, cost in enumerate(list_costs(), start=1)
    )
    return Extract("events.csv", columns, rows)


def _people() -> Extract:
    person = {
        "person_id": NHS_NUMBER,
        "date_of_birth": DATE_OF_BIRTH,
        "sex": "female",
        "deprivation_decile": "4",
        "socio_economic_category": "Established Farming Communities",
        "gp_practice": SURGERY,
    }
    return Extract("people.csv", tuple(person), (person,))


def _conditions() -> Extract:
    columns = ("person_id", "condition", "onset", "provider")
    casemix = (
        ("Serious mental illness", "1979-05-01"),
        ("Depression", "1996-02-12"),
        ("Hypertension", "2003-09-08"),
        ("Diabetes", "2006-11-20"),
        ("Chronic kidney disease", "2012-03-15"),
        ("Polypharmacy", "2014-07-02"),
    )
    rows = tuple(
        dict(zip(columns, (NHS_NUMBER, condition, onset, SURGERY), strict=True))
        for condition, onset in casemix
    )
    return Extract("conditions.csv", columns, rows)


def _measures() -> Extract:
    columns = ("person_id", "measured_at", "measure", "value", "unit", "category", "provider")
    rows = tuple(
        dict(zip(columns, (NHS_NUMBER, *measure, SURGERY), strict=True))
        for measure in (
            ("2016-04-07", "frailty", "", "", "severe"),
            ("2016-04-07", "repeat_medicines", "11", "medicines", ""),
            ("2016-04-07", "long_term_conditions", "4", "conditions", ""),
        )
    )
    return Extract("measures.csv", columns, rows)


def _feeds() -> Extract:
    columns = ("provider", "sector", "start", "end")
    covered = sorted({(cost.provider, cost.sector) for cost in list_costs()})
    rows = tuple(
        dict(zip(columns, (*feed, "2016-04-01", "2018-03-31"), strict=True)) for feed in covered
    )
    return Extract("feeds.csv", columns, rows)


def main() -> None:
    """Write the extracts into the folder given on the command line."""
    parser = argparse.ArgumentParser(prog="python -m theograph.synth.patient_72")
    parser.add_argument("folder", type=Path, metavar="DIR")
    write_extracts(build_extracts(), parser.parse_args().folder)


if __name__ == "__main__":
    main()
