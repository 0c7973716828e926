"""What a clinician would check in Joan's story, and that the shipped files are its product."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import nhs_number
import pytest

from theograph.synth.joan import cast
from theograph.synth.joan.entries import (
    HOME_VISIT,
    SURGERY_VISIT,
    WRITTEN,
    Appointment,
    Attendance,
    CallOut,
    Clinic,
    CommunityContact,
    CouncilEvent,
    Dispensing,
    Moment,
    Stay,
    UrgentCall,
)
from theograph.synth.joan.extracts import began, build_extracts, story_entries

SAMPLE = Path(__file__).parents[2] / "sample_data" / "joan"
STORY = story_entries()
FIRST_DAY, LAST_DAY = date(2022, 4, 1), date(2025, 3, 31)

# gov.uk/bank-holidays, England and Wales.
BANK_HOLIDAYS = frozenset(
    date(year, month, day)
    for year, days in {
        2022: ((4, 15), (4, 18), (5, 2), (6, 2), (6, 3), (8, 29), (9, 19), (12, 26), (12, 27)),
        2023: ((1, 2), (4, 7), (4, 10), (5, 1), (5, 8), (5, 29), (8, 28), (12, 25), (12, 26)),
        2024: ((1, 1), (3, 29), (4, 1), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)),
        2025: ((1, 1),),
    }.items()
    for month, day in days
)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def day(entry: object) -> date:
    return moment(began(entry)).date()  # type: ignore[arg-type]


def of(*kinds: type) -> list:
    return [entry for entry in STORY if isinstance(entry, kinds)]


STAYS = of(Stay)
HOSPITAL_STAYS = [stay for stay in STAYS if stay.treatment_function != "318"]


def stay_after(entry: Attendance) -> Stay:
    return next(stay for stay in STAYS if stay.called == entry.called)


def test_shipped_files_are_what_the_builder_writes() -> None:
    for extract in build_extracts():
        assert (SAMPLE / extract.file).read_bytes() == extract.to_bytes(), extract.file
    assert {path.name for path in SAMPLE.glob("*.csv")} == {e.file for e in build_extracts()}


def test_building_twice_gives_the_same_bytes() -> None:
    assert [e.to_bytes() for e in build_extracts()] == [e.to_bytes() for e in build_extracts()]


def test_nhs_number_is_valid_and_never_issued() -> None:
    assert nhs_number.is_valid(cast.NHS_NUMBER)
    assert cast.NHS_NUMBER.startswith("999")


def test_story_has_about_two_hundred_events_within_three_financial_years() -> None:
    assert 180 <= len(STORY) <= 260
    assert all(FIRST_DAY <= day(entry) <= LAST_DAY for entry in STORY)


def test_every_event_is_one_row_of_one_of_nine_extracts() -> None:
    nine = build_extracts()[:9]
    assert sum(len(extract.rows) for extract in nine) == len(STORY)
    assert all(extract.rows for extract in nine)


def test_joan_is_seventy_eight_at_the_end() -> None:
    born = date.fromisoformat(cast.DATE_OF_BIRTH)
    assert (
        LAST_DAY.year - born.year - ((LAST_DAY.month, LAST_DAY.day) < (born.month, born.day)) == 78
    )


@pytest.mark.parametrize("attendance", of(Attendance), ids=lambda a: a.arrived)
def test_call_then_ambulance_then_arrival_then_admission(attendance: Attendance) -> None:
    call = next(c for c in of(CallOut) if c.at == attendance.called)
    assert call.conveyed
    stay = stay_after(attendance)
    steps = [call.at, call.scene, attendance.arrived, attendance.seen, attendance.decided,
             stay.admitted, stay.discharged]  # fmt: skip
    assert [moment(step) for step in steps] == sorted(moment(step) for step in steps)
    assert attendance.left == stay.admitted
    assert moment(attendance.arrived) - moment(call.at) < timedelta(hours=3)


def test_every_conveyance_arrives_and_every_emergency_stay_has_one() -> None:
    conveyed = {call.at for call in of(CallOut) if call.conveyed}
    assert conveyed == {attendance.called for attendance in of(Attendance)}
    assert conveyed == {stay.called for stay in HOSPITAL_STAYS}


def test_111_comes_before_the_ambulance_it_sends() -> None:
    sent = [call for call in of(UrgentCall) if "ambulance" in call.disposition[1]]
    assert sent
    for call in sent:
        gaps = [moment(c.at) - moment(call.at) for c in of(CallOut) if c.conveyed]
        assert any(timedelta(0) < gap < timedelta(minutes=30) for gap in gaps)


def test_nights_in_hospital_are_those_of_the_story() -> None:
    nights = [(moment(s.discharged).date() - moment(s.admitted).date()).days for s in STAYS]
    assert nights == [9, 12, 6, 42, 30, 19]


def test_stays_do_not_overlap_and_begin_after_the_last_ended() -> None:
    for earlier, later in pairwise(STAYS):
        assert moment(earlier.discharged) < moment(later.admitted)


def test_nothing_is_attended_elsewhere_during_a_stay() -> None:
    for entry in of(Appointment, CallOut, UrgentCall, Attendance, Clinic, CommunityContact):
        if isinstance(entry, Appointment) and entry.mode == WRITTEN:
            continue
        at = moment(began(entry))
        inside = [s for s in STAYS if moment(s.admitted) <= at <= moment(s.discharged)]
        assert not inside, (entry, inside)


def test_nothing_is_dispensed_during_a_stay() -> None:
    for entry in of(Dispensing):
        assert not [s for s in STAYS if day(s) <= day(entry) <= moment(s.discharged).date()], entry


def test_surgery_clinics_and_regular_visits_keep_weekdays_and_bank_holidays() -> None:
    for entry in of(Appointment, Clinic, CommunityContact, Dispensing, CouncilEvent):
        if isinstance(entry, CouncilEvent) and entry.type == "Service":
            continue
        assert day(entry).weekday() < 5, entry
        assert day(entry) not in BANK_HOLIDAYS, entry


def test_surgery_and_clinics_keep_opening_hours() -> None:
    for entry in of(Appointment, Clinic, CommunityContact):
        assert 8 <= moment(entry.at).hour < 18, entry


def test_lunch_club_meets_every_other_tuesday_and_ends_on_27_september() -> None:
    sessions = [day(m) for m in of(Moment) if m.entry == "Community centre session"]
    assert {later - earlier for earlier, later in pairwise(sessions)} == {timedelta(14)}
    assert {session.weekday() for session in sessions} == {1}
    assert sessions[-1] == date(2022, 9, 27)


def test_no_two_contacts_stand_at_the_same_minute() -> None:
    timed = [entry.at for entry in of(Appointment, CallOut, UrgentCall, Clinic, CommunityContact)]
    assert len(timed) == len(set(timed))


def test_home_care_is_suspended_during_every_stay() -> None:
    packages = [e for e in of(CouncilEvent) if "Home support" in e.detail]
    assert [package.units_per_week for package in packages] == ["7", "7", "21", "28"]
    for package in packages:
        first = date.fromisoformat(package.start)
        last = date.fromisoformat(package.end or LAST_DAY.isoformat())
        for stay in STAYS:
            in_hospital = day(stay), moment(stay.discharged).date()
            assert last < in_hospital[0] or first > in_hospital[1], (package, stay)


def test_reablement_lasts_six_weeks_between_stays() -> None:
    (reablement,) = [e for e in of(CouncilEvent) if e.detail == "Reablement"]
    length = date.fromisoformat(reablement.end) - date.fromisoformat(reablement.start)
    assert length.days + 1 == 42
    assert not [s for s in STAYS if reablement.start <= s.admitted[:10] <= reablement.end]


def test_ready_to_leave_seventeen_days_before_leaving() -> None:
    delays = [moment(s.discharged).date() - date.fromisoformat(s.ready) for s in STAYS]
    assert [delay.days for delay in delays] == [0, 0, 0, 17, 0, 0]


def test_medicines_start_after_the_reason_for_them() -> None:
    first_given = {}
    for entry in of(Dispensing):
        for medicine in entry.medicines:
            first_given.setdefault(medicine, entry.on)
    assert first_given["furosemide"] > "2023-06-29"
    assert first_given["alendronic acid"] > "2023-11-17"
    assert first_given["sertraline"] > "2024-02-26"
    last_gliclazide = max(e.on for e in of(Dispensing) if "gliclazide" in e.medicines)
    assert last_gliclazide < "2023-09-12"


def test_appointments_are_booked_in_opening_hours_before_they_take_place() -> None:
    (practice,) = [extract for extract in build_extracts() if extract.file == "gp.csv"]
    booked = [row for row in practice.rows if row.get("DATE_TIME_BOOKED")]
    assert booked
    for row in booked:
        at = moment(row["DATE_TIME_BOOKED"])
        assert at < moment(row["START_DATE"])
        assert at.weekday() < 5 and at.date() not in BANK_HOLIDAYS, row
        assert 8 <= at.hour < 18, row


def test_reviews_are_done_by_the_right_profession() -> None:
    for entry in of(Appointment):
        if "annual review" in entry.concept[1]:
            assert entry.role == "Practice nurse"
        if entry.slot == "Structured Medication Review":
            assert entry.role == "Clinical pharmacist"
        if entry.slot == "Social Prescribing Service":
            assert entry.role == "Social prescribing link worker"
        if entry.slot == "Home Visit":
            assert entry.mode == HOME_VISIT
        if entry.mode == SURGERY_VISIT:
            assert entry.slot != "Clinical Triage"


def test_hrgs_are_codes_and_the_published_list_has_them() -> None:
    assert all(re.fullmatch(r"[A-Z]{2}\d{2}[A-Z]", stay.hrg) for stay in HOSPITAL_STAYS)
    published = re.findall(
        r"[A-Z]{2}\d{2}[A-Z]",
        "\n".join(
            path.read_text(encoding="utf-8")
            for path in (Path(__file__).parents[2] / "theograph" / "costing").rglob("*.csv")
        ),
    )
    if not published:
        pytest.skip("no list of HRGs ships with the unit costs")
    assert {stay.hrg for stay in HOSPITAL_STAYS} <= set(published)


def test_nobody_is_blamed_and_no_line_is_long() -> None:
    blame = re.compile(r"\b(failed|failure|neglect|mistake|should have|careless|ignored)\b", re.I)
    for extract in build_extracts():
        content = extract.to_bytes().decode(extract.encoding)
        assert not blame.search(content), extract.file
        for row in csv.DictReader(io.StringIO(content)):
            for column in ("CONSULTATION_TEXT", "Notes", "crew_summary", "CARE CONTACT NOTE"):
                assert len(row.get(column) or "") <= 160
