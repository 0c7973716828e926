"""What the rules find in Joan's sample, against values counted by hand from her events.

Each line was counted by reading the events in date order: the day of the signal, the days to
the last day in time, what is recorded in between and, in pence, what followed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Imported
from theograph.journey import Journey
from theograph.synth.joan import cast

# The stays and attendances that keep following, pence as priced from the unit costs.
STAY = {
    "820001": 349_135,  # 22 April 2023, COPD, 9 nights
    "820002": 450_306,  # 19 May 2023, urinary infection and delirium, 12 nights
    "820003": 305_916,  # 31 August 2023, hypoglycaemia, 6 nights
    "820004": 1_353_690,  # 17 November 2023, hip fracture, 42 nights
    "820006": 519_151,  # 8 November 2024, pneumonia, 19 nights
}
IN_A_AND_E = 32_411  # each of her five attendances
LEFT_AT_HOME = 36_435  # each ambulance that did not convey
TAKEN_TO_A_AND_E = 48_939  # the ambulance of 17 November 2023
FIRST_TWO = 2 * IN_A_AND_E + STAY["820001"] + STAY["820002"]
AUGUST = IN_A_AND_E + STAY["820003"]
HIP = IN_A_AND_E + STAY["820004"]
PNEUMONIA = IN_A_AND_E + STAY["820006"]

# The contacts of 2 to 31 August 2023: ten, and the attendance that they led up to.
RISING = (
    "GP00041 GP00042 CC000015 GP00043 GP00044 GP00045 IUC2308002 IUC2308003 "
    "GP00047 EAS2308310731 AE-20230831-1"
)

# rule, signal, last day in time, evidence, first of what followed, pence of all that followed
MISSED = [
    ("R01", "2023-01-14 06:35", "2023-01-28", "EAS2301140635", "EAS2302022148", LEFT_AT_HOME),
    ("R03", "2023-04-22 13:05", None, "820001", "820001", STAY["820001"]),
    ("R03", "2023-08-31 13:15", None, "820003", "820003", STAY["820003"]),
    ("R03", "2024-11-08 12:30", None, "820006", "820006", STAY["820006"]),
    ("R04", "2023-05-19 15:20", None, "820001 820002", "820002", STAY["820002"]),
    (
        "R05",
        "2023-05-01 15:20",
        "2023-05-08",
        "820001",
        "AE-20230519-1",
        IN_A_AND_E + STAY["820002"],
    ),
    (
        "R06",
        "2023-03-09 14:15",
        "2023-04-06",
        "GP00026",
        "AE-20230422-1",
        FIRST_TWO + AUGUST + HIP,
    ),
    (
        "R07",
        "2022-10-25 10:10",
        "2022-12-06",
        "930002 CC000003 CC000004 CC000005 CC000006 930003",
        "AE-20230422-1",
        FIRST_TWO + AUGUST,
    ),
    (
        "R07",
        "2023-06-13 11:30",
        "2023-07-25",
        "930008 930009 CC000009 CC000010 930010 CC000011 930011",
        "AE-20230831-1",
        AUGUST + HIP,
    ),
    (
        "R07",
        "2024-04-03 14:30",
        "2024-05-15",
        "930014 CC000028 CC000030",
        "AE-20241108-1",
        PNEUMONIA,
    ),
    (
        "R07",
        "2024-10-02 14:30",
        "2024-11-13",
        "930017 CC000036 CC000039 CC000045 CC000048",
        "AE-20241108-1",
        PNEUMONIA,
    ),
    ("R08", "2023-06-22", "2023-09-20", "GP00008", "820003", STAY["820003"]),
    ("R08", "2023-12-06", "2024-03-05", "930007", "820006", STAY["820006"]),
    (
        "R09",
        "2024-04-11",
        "2024-07-10",
        "measure:repeat_medicines:2023-07-11",
        "AE-20241108-1",
        PNEUMONIA,
    ),
    ("R10", "2023-07-25 10:10", "2023-08-22", "930012 930013", "AE-20230831-1", AUGUST + HIP),
    ("R11", "2023-07-11", "2023-10-09", "measure:efi:2023-07-11", "AE-20230831-1", AUGUST + HIP),
    ("R11", "2024-12-10", "2025-03-10", "measure:efi:2024-12-10", None, 0),
    ("R12", "2023-12-12", None, "820004", None, None),
    ("R13", "2022-10-04 11:10", "2022-11-15", "GP00016", "GP00026", FIRST_TWO + AUGUST),
    (
        "R14",
        "2023-01-14 06:35",
        "2023-04-14",
        "EAS2301140635",
        "EAS2302022148",
        LEFT_AT_HOME + FIRST_TWO + AUGUST + TAKEN_TO_A_AND_E + HIP,
    ),
    ("R16", "2024-11-08 12:30", "2024-11-08", "820006 TC-E0015", None, 0),
    (
        "R17",
        "2024-11-08 12:30",
        "2024-11-08",
        "IUC2410004 IUC2410005 EAS2411052310 820006",
        "820006",
        STAY["820006"],
    ),
    (
        "R19",
        "2022-11-23 13:15",
        "2022-11-23",
        "CC000005 CC000006 930003 930004 930005 CC000007",
        "930012",
        0,
    ),
    (
        "R20",
        "2023-08-31 08:40",
        "2023-08-31",
        RISING,
        "820003",
        STAY["820003"],
    ),
    ("R23", "2023-08-31 13:15", "2023-11-29", "820001 820002 820003", "AE-20231117-1", HIP),
    # Evidence: the lunch club; its rows have no number of their own in the hub's spreadsheet.
    ("R25", "2022-11-22", "2023-01-03", "", "EAS2301140635", 2 * LEFT_AT_HOME + FIRST_TWO),
    ("R26", "2023-05-31 14:10", "2023-08-29", "820002", "AE-20230831-1", AUGUST + HIP),
]

# rule, signal, last day in time, what answered it
MET = [
    ("R01", "2025-03-03 07:25", "2025-03-17", "CC000063"),
    ("R02", "2023-08-31 08:40", "2023-09-28", "GP00048"),
    ("R05", "2023-05-31 14:10", "2023-06-03", "TC-E0003"),
    ("R05", "2023-09-06 15:30", "2023-09-09", "CC000016"),
    ("R05", "2024-11-27 14:45", "2024-11-30", "CC000050"),
    ("R06", "2024-02-08 12:40", "2024-03-07", "GP00053"),
    ("R07", "2022-04-27 10:40", "2022-06-08", "GP00003"),
    ("R08", "2022-04-06", "2022-07-05", "CC000001"),
    ("R08", "2022-04-07", "2022-07-06", "GP00001"),
    ("R08", "2022-04-27", "2022-07-26", "930001"),
    ("R08", "2022-06-14", "2022-09-12", "measure:egfr:2022-06-14"),
    ("R08", "2022-06-22", "2022-09-20", "measure:hba1c:2022-06-22"),
    ("R08", "2023-06-13", "2023-09-11", "measure:egfr:2023-06-13"),
    ("R08", "2023-06-14", "2023-09-12", "CC000013"),
    ("R08", "2023-07-13", "2023-10-11", "GP00042"),
    ("R08", "2024-04-16", "2024-07-15", "930017"),
    ("R08", "2024-05-14", "2024-08-12", "measure:systolic_blood_pressure:2024-05-14"),
    ("R08", "2024-06-12", "2024-09-10", "CC000036"),
    ("R13", "2025-02-24 12:40", "2025-04-07", "GP00073"),
    ("R16", "2023-11-17 11:05", "2023-11-17", "TC-E0002"),
    ("R27", "2023-12-13", "2024-01-24", "TC-E0008"),
]

# rule, signal, last day in time, evidence
OPEN = [
    ("R06", "2025-03-14", "2025-04-11", "TC-E0017"),
    ("R14", "2025-03-03 07:25", "2025-06-01", "EAS2503030725"),
]

MUST_BE_MISSED = {f"R{number:02}" for number in (1, 4, 5, 6, 7, 8, 11, 12, 13, 14, 19, 25)}

Row = dict[str, Any]


@pytest.fixture(scope="module")
def journey(joan: Imported) -> Journey:
    return joan.journey(cast.NHS_NUMBER)


@pytest.fixture(scope="module")
def find(journey: Journey) -> Callable[[str], list[Row]]:
    rows: list[Row] = journey.opportunities.to_dict("records")

    def find_status(status: str) -> list[Row]:
        found = [row for row in rows if row["status"] == status]
        return sorted(found, key=lambda row: (row["rule"], row["signal_at"]))

    return find_status


def signal(row: Row) -> str:
    return f"{row['signal_at']:%Y-%m-%d %H:%M}" if row["has_time"] else f"{row['signal_at']:%F}"


def blank(value: Any) -> Any:
    return None if value is None or value != value else value


def due(row: Row) -> str | None:
    return None if blank(row["due"]) is None else str(row["due"])[:10]


def test_every_missed_opportunity_is_as_counted_by_hand(find: Callable[[str], list[Row]]) -> None:
    found = find("missed")
    assert [(row["rule"], signal(row), due(row)) for row in found] == [one[:3] for one in MISSED]


@pytest.mark.parametrize("number", range(len(MISSED)), ids=lambda n: f"{MISSED[n][0]}-{n}")
def test_missed_evidence_and_what_followed(find: Callable[[str], list[Row]], number: int) -> None:
    row, (rule, _, _, evidence, consequence, cost) = find("missed")[number], MISSED[number]
    assert row["rule"] == rule
    if evidence:
        assert list(row["evidence"]) == evidence.split()
    assert blank(row["consequence"]) == consequence
    assert blank(row["cost_followed_pence"]) == cost
    assert blank(row["response"]) is None


def test_every_met_opportunity_is_answered_as_counted_by_hand(
    find: Callable[[str], list[Row]],
) -> None:
    assert [(r["rule"], signal(r), due(r), r["response"]) for r in find("met")] == MET


def test_both_open_opportunities_say_by_when(find: Callable[[str], list[Row]]) -> None:
    found = [(r["rule"], signal(r), due(r), " ".join(r["evidence"])) for r in find("open")]
    assert found == OPEN


def test_nothing_of_joan_lacks_an_extract(find: Callable[[str], list[Row]]) -> None:
    assert find("not_assessable") == []


def test_the_story_shows_what_the_sample_was_written_to_show(
    find: Callable[[str], list[Row]],
) -> None:
    assert {row["rule"] for row in find("missed")} >= MUST_BE_MISSED
    assert len(find("open")) >= 2
    assert len(find("met")) >= 2


def test_the_stopped_lunch_club_names_its_last_seven_sessions(
    journey: Journey, find: Callable[[str], list[Row]]
) -> None:
    (stopped,) = [row for row in find("missed") if row["rule"] == "R25"]
    starts = journey.events.set_index("event_id")["start"]
    assert [f"{starts[event]:%d %b}" for event in stopped["evidence"]] == [
        "05 Jul",
        "19 Jul",
        "02 Aug",
        "16 Aug",
        "30 Aug",
        "13 Sep",
        "27 Sep",
    ]


def test_the_headline_counts_each_consequence_once(
    journey: Journey, find: Callable[[str], list[Row]]
) -> None:
    # Five stays, five attendances, two ambulances that left her at home and one that did not;
    # the letter and the two missed appointments that also followed cost nothing.
    by_hand = sum(STAY.values()) + 5 * IN_A_AND_E + 2 * LEFT_AT_HOME + TAKEN_TO_A_AND_E
    assert by_hand == 3_262_062
    assert journey.summary.cost_followed_pence == by_hand
    named = Counter(event for row in find("missed") for event in row["consequences"])
    assert named["820003"] > 5  # the admission of August 2023 follows many a signal
    assert sum(row["cost_followed_pence"] or 0 for row in find("missed")) > 2 * by_hand
