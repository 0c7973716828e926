"""Each opportunity that Joan's story is to show, its window counted by hand and plain loops."""

from __future__ import annotations

from datetime import date, timedelta

from theograph.synth.joan.entries import (
    Appointment,
    Attendance,
    CallOut,
    Clinic,
    CommunityContact,
    CouncilEvent,
    Moment,
    Stay,
    UrgentCall,
)
from theograph.synth.joan.extracts import began, story_entries

STORY = story_entries()
AS_OF = date(2025, 3, 31)


def day(entry: object) -> date:
    return date.fromisoformat(began(entry)[:10])  # type: ignore[arg-type]


def of(*kinds: type) -> list:
    return [entry for entry in STORY if isinstance(entry, kinds)]


def within(entries: list, first: date, days: int) -> list:
    return [entry for entry in entries if first <= day(entry) <= first + timedelta(days)]


def on(text: str) -> date:
    return date.fromisoformat(text)


def notes(entries: list, *words: str) -> list:
    return [entry for entry in entries if any(word in entry.note.casefold() for word in words)]


SEEN_BY_GP = [a for a in of(Appointment) if a.context == "Appointment"]
HOME_OR_SURGERY = [*SEEN_BY_GP, *of(CommunityContact, CouncilEvent)]
NOT_CONVEYED = [call for call in of(CallOut) if not call.conveyed]
LINK_WORKER = [a for a in of(Appointment) if "link worker" in a.role.casefold()]
ASSESSED_FALLS = notes(of(Appointment, CommunityContact), "falls assessment", "multifactorial")
MDT = [a for a in of(Appointment) if a.context == "Multidisciplinary meeting"]


def test_r01_two_falls_not_conveyed_and_no_contact_in_a_fortnight() -> None:
    falls = [call for call in NOT_CONVEYED if call.reason == "Falls"]
    assert [day(fall) for fall in falls] == [on("2023-01-14"), on("2023-02-02"), on("2025-03-03")]
    assert not within(HOME_OR_SURGERY, day(falls[0]), 14)
    assert not within(HOME_OR_SURGERY, day(falls[1]), 14)
    assert within(HOME_OR_SURGERY, day(falls[2]), 14)  # met: nurses visit within the fortnight


def test_r02_three_attendances_in_half_a_year_then_a_visit_at_home() -> None:
    attended = [day(a) for a in of(Attendance)]
    assert len([d for d in attended if on("2023-03-05") <= d <= on("2023-08-31")]) == 3
    assert not [d for d in attended if d < on("2023-03-05")]
    (visit, *_) = within(SEEN_BY_GP, on("2023-08-31"), 28)
    assert day(visit) == on("2023-09-12")  # met


def test_r04_readmitted_eighteen_days_after_going_home() -> None:
    first, second = of(Stay)[:2]
    assert (day(second) - on(first.discharged[:10])).days == 18


def test_r05_nobody_sees_her_after_1_may_and_the_nurse_comes_after_31_may() -> None:
    home, again = of(Stay)[:2]
    after = [e for e in HOME_OR_SURGERY if on(home.discharged[:10]) <= day(e) < day(again)]
    assert after == []
    (visit, *_) = within(of(CommunityContact), on(again.discharged[:10]), 3)
    assert day(visit) == on("2023-06-01")
    for stay in of(Stay)[2:]:
        if stay.destination == "19":
            assert within(HOME_OR_SURGERY, on(stay.discharged[:10]), 3)


def test_r06_mood_raised_in_march_2023_and_first_assessed_in_february_2024() -> None:
    mood = notes(of(Appointment, CommunityContact, CouncilEvent), "depressed", "low mood")
    assert [day(e) for e in mood] == [on("2023-03-09"), on("2024-02-08"), on("2025-03-14")]
    assessed = [c for c in of(Clinic) if c.specialty[0] == "715"]
    assert day(assessed[0]) == on("2024-02-26")
    assert not within(assessed, day(mood[0]), 28)
    assert within(assessed, day(mood[1]), 28)  # met
    assert not within(assessed, day(mood[2]), 28)
    assert day(mood[2]) + timedelta(28) > AS_OF  # open, until 11 April 2025


def specialist_contacts() -> list:
    seen = [c for c in of(Clinic) if c.attended == "5" and c.specialty[0] != "715"]
    nurses = [c for c in of(CommunityContact) if "Nurse" in c.service or "Diabetes" in c.service]
    return sorted([*seen, *nurses], key=began)


def team(entry: Clinic | CommunityContact) -> str:
    return entry.specialty[1] if isinstance(entry, Clinic) else entry.service


def test_r07_first_time_discussed_next_time_not() -> None:
    contacts = specialist_contacts()

    def teams_by(last: date) -> set[str]:
        return {team(c) for c in contacts if last - timedelta(180) <= day(c) <= last}

    first = next(day(c) for c in contacts if len(teams_by(day(c))) >= 3)
    assert first == on("2022-04-27")
    assert [day(m) for m in MDT] == [first]  # met, on the day
    again = next(day(c) for c in contacts if day(c) >= first + timedelta(180))
    assert again == on("2022-10-25")
    assert len(teams_by(again)) >= 3
    assert not within(MDT, again - timedelta(180), 180 + 42)  # missed
    assert (again - first).days == 181  # the meeting of April is a day too old to answer it
    later = again
    for expected in ("2023-06-13", "2024-04-03", "2024-10-02"):
        new = (day(c) for c in contacts if day(c) >= later + timedelta(180))
        later = next(d for d in new if len(teams_by(d)) >= 3)
        assert later == on(expected)
        assert not within(MDT, later - timedelta(180), 180 + 42)  # missed


def test_r08_diabetes_review_met_in_june_2022_then_overdue() -> None:
    reviews = [day(a) for a in of(Appointment) if a.concept[0] == "170777000"]
    assert reviews == [on("2022-06-22"), on("2024-05-14")]
    assert reviews[0] + timedelta(455) == on("2023-09-20") < reviews[1]


def test_r09_twelve_medicines_and_no_review_for_a_year() -> None:
    reviews = [day(a) for a in of(Appointment) if a.slot == "Structured Medication Review"]
    assert reviews == [on("2024-07-18")]
    assert reviews[0] > on("2023-07-11") + timedelta(365)


def test_r10_two_missed_appointments_and_no_outreach() -> None:
    missed = [day(c) for c in of(Clinic) if c.attended == "3"]
    assert missed == [on("2023-07-04"), on("2023-07-25")]
    reached = [a for a in SEEN_BY_GP if a.mode != "Face to Face (Surgery)"]
    assert not within([*reached, *LINK_WORKER], missed[1], 28)


def test_r11_frailty_without_assessment_or_plan() -> None:
    frail = [day(a) for a in of(Appointment) if "frailty" in a.concept[1].casefold()]
    assert frail == [on("2023-07-11"), on("2024-12-10")]
    words = ("comprehensive geriatric", "care and support plan", "holistic")
    assert not notes(of(Appointment, CommunityContact, Clinic), *words)


def test_r12_seventeen_days_waiting() -> None:
    (waited,) = [s for s in of(Stay) if s.ready != s.discharged[:10]]
    assert (on(waited.discharged[:10]) - on(waited.ready)).days == 17


def test_r13_isolation_noted_and_first_link_worker_in_march_2025() -> None:
    assert [day(a) for a in LINK_WORKER] == [on("2025-03-06")]
    assert not within([m for m in of(Moment) if "contact" not in m.entry], on("2022-10-04"), 42)
    assert within(LINK_WORKER, on("2025-02-24"), 28)  # met


def test_r14_two_falls_and_no_falls_assessment() -> None:
    assert ASSESSED_FALLS == []
    assert on("2025-03-03") + timedelta(90) == on("2025-06-01") > AS_OF  # open


def test_r16_the_first_step_up_was_looked_at_in_the_half_year_before() -> None:
    looked = [e for e in of(CouncilEvent) if e.type in ("Review", "Assessment")]
    before = within(looked, on("2023-11-17") - timedelta(180), 180)
    assert [day(e) for e in before] == [on("2023-05-30"), on("2023-07-10")]  # met


def test_r16_larger_package_and_no_review_for_half_a_year_before() -> None:
    reviews = [e for e in of(CouncilEvent) if e.type in ("Review", "Assessment")]
    assert not within(reviews, on("2024-11-08") - timedelta(180), 179)


def test_r17_three_urgent_calls_in_the_fortnight_before_admission() -> None:
    admitted = on("2024-11-08")
    urgent = within([*of(UrgentCall), *NOT_CONVEYED], admitted - timedelta(14), 13)
    assert [day(call) for call in urgent] == [on("2024-10-27"), on("2024-10-31"), on("2024-11-05")]
    visits = [c for c in of(CommunityContact) if c.place == "home"]
    visits += [a for a in SEEN_BY_GP if "Home Visit" in a.mode]
    assert not within(visits, admitted - timedelta(28), 28)


def test_r19_ten_appointment_days_in_ninety() -> None:
    planned = [
        c for c in of(Clinic, CommunityContact) if not isinstance(c, Clinic) or c.attended == "5"
    ]
    box = within(planned, on("2022-10-18"), 89)
    assert len({day(c) for c in box}) == len(box) == 10
    outpatients = [c for c in box if isinstance(c, Clinic)]
    assert len({day(c) for c in outpatients}) >= 6
    assert len({team(c) for c in outpatients}) >= 3


def test_r20_contacts_double_before_the_august_admission() -> None:
    admitted = on("2023-08-31")
    contacts = [*SEEN_BY_GP, *of(UrgentCall, CallOut, CommunityContact)]
    contacts += [c for c in of(Clinic) if c.attended == "5"]
    before = [c for c in contacts if day(c) < admitted]
    recent = within(before, admitted - timedelta(30), 29)
    earlier = within(before, admitted - timedelta(210), 179)
    assert len(recent) >= 4
    assert len(recent) >= 2 * len(earlier) / 6
    assert not [
        c for c in recent if "home" in getattr(c, "place", getattr(c, "mode", "")).casefold()
    ]


def test_r23_third_emergency_stay_in_a_year_at_77() -> None:
    emergencies = [day(s) for s in of(Stay)]
    third = emergencies[2]
    assert third == on("2023-08-31")
    assert (third - emergencies[0]).days == 131
    assert not notes(of(Appointment, CommunityContact), "advance care", "respect form")


def test_r25_the_club_ends_and_nobody_asks_why() -> None:
    sessions = [day(m) for m in of(Moment) if m.entry == "Community centre session"]
    assert len([s for s in sessions if s > sessions[-1] - timedelta(90)]) >= 4
    therapists = [c for c in of(CommunityContact) if "Physio" in c.service]
    gap_ends = sessions[-1] + timedelta(56)
    assert not within([*therapists, *LINK_WORKER], sessions[-1], 56 + 42)
    assert gap_ends == on("2022-11-22")


def test_r26_delirium_and_no_memory_check_within_ninety_days() -> None:
    (delirium,) = [s for s in of(Stay) if "F059" in s.diagnoses]
    after = within(of(Appointment, Clinic, CommunityContact), on(delirium.discharged[:10]), 90)
    assert not notes(after, "memory", "cognitive")
