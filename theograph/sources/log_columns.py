"""Which column of an event log is which, in the usual spellings of logs."""

from __future__ import annotations

from dataclasses import dataclass

from theograph.sources.mapping import normalise_header

# Spellings, compared without case and punctuation, the most usual first. Those of XES, of
# pm4py, bupaR, Disco and Celonis, and plain words.
_SPELLINGS: dict[str, str] = {
    "person": "patient patientid patientnumber patientno subjectid subject personid person",
    "case": "caseconceptname caseid case casekey casenumber traceid trace",
    "activity": "conceptname activity activityname activitylabel handling task eventname event",
    "time": "timetimestamp timestamp time eventtime eventtimestamp datetime",
    "start": "starttimestamp timestart starttime startdatetime started start",
    "end": (
        "completetimestamp endtimestamp timecomplete timeend completetime completiontime endtime "
        "enddatetime completed finished complete end"
    ),
    "lifecycle": "lifecycletransition registrationtype lifecycle lifecycleid transition",
    "instance": (
        "conceptinstance activityinstance activityinstanceid activityinstanceidentifier "
        "handlingid instanceid instance"
    ),
    "department": "orggroup department dept orgunit unit ward location orgrole role team",
    "resource": "orgresource resource resourceid employee performer user staff",
}


@dataclass(frozen=True, slots=True)
class LogColumns:
    """Which header of a log is which, as written; None where it has none."""

    person: str | None = None
    case: str | None = None
    activity: str | None = None
    time: str | None = None
    start: str | None = None
    end: str | None = None
    lifecycle: str | None = None
    instance: str | None = None
    department: str | None = None
    resource: str | None = None

    @property
    def is_log(self) -> bool:
        """Whether it says whose, what and when, in the words of a log and not of any list."""
        told = (self.person or self.case) and self.activity and (self.time or self.start)
        return bool(told and (self.case or self.lifecycle or self.instance))

    @property
    def in_two_rows(self) -> bool:
        """Whether the start and the end of an activity stand in rows of their own."""
        return bool(self.lifecycle and self.time and not self.start and not self.end)


def find_log_columns(headers: list[str]) -> LogColumns:
    """The columns of an event log among `headers`, in any of their usual spellings."""
    present: dict[str, str] = {}
    for header in headers:
        present.setdefault(normalise_header(header), header)
    return LogColumns(
        **{
            role: next((present[word] for word in words.split() if word in present), None)
            for role, words in _SPELLINGS.items()
        }
    )
