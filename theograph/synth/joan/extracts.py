"""From the storyline to the files that nine providers would send, and who Joan is."""

from __future__ import annotations

from typing import TypeVar

from theograph.synth.csv_text import Extract
from theograph.synth.joan.chapters import STORY
from theograph.synth.joan.community import build_csds_extract
from theograph.synth.joan.entries import (
    Appointment,
    Attendance,
    CallOut,
    Clinic,
    CommunityContact,
    CouncilEvent,
    Dispensing,
    Entry,
    Moment,
    Stay,
    UrgentCall,
)
from theograph.synth.joan.hospital import build_apc_extract, build_ecds_extract, build_op_extract
from theograph.synth.joan.primary_care import build_gp_extract
from theograph.synth.joan.record import build_record_extracts
from theograph.synth.joan.support import build_cld_extract, build_hub_extract
from theograph.synth.joan.urgent import build_111_extract, build_ambulance_extract

E = TypeVar("E")


def began(entry: Entry) -> str:
    """When `entry` began, as text that sorts in time order."""
    match entry:
        case Dispensing() | Moment():
            return entry.on
        case Attendance():
            return entry.arrived
        case Stay():
            return entry.admitted
        case CouncilEvent():
            return entry.start
    return entry.at


def story_entries() -> tuple[Entry, ...]:
    """Every entry of every chapter, in time order."""
    return tuple(sorted((entry for chapter in STORY for entry in chapter.entries), key=began))


def build_extracts() -> tuple[Extract, ...]:
    """Joan's nine extracts, then people, conditions, measures, feeds and crosswalk."""
    entries = story_entries()

    def only(kind: type[E]) -> tuple[E, ...]:
        return tuple(entry for entry in entries if isinstance(entry, kind))

    practice = tuple(entry for entry in entries if isinstance(entry, Appointment | Dispensing))
    return (
        build_gp_extract(practice),
        build_ecds_extract(only(Attendance)),
        build_apc_extract(only(Stay)),
        build_op_extract(only(Clinic)),
        build_csds_extract(only(CommunityContact)),
        build_ambulance_extract(only(CallOut)),
        build_111_extract(only(UrgentCall)),
        build_cld_extract(only(CouncilEvent)),
        build_hub_extract(only(Moment)),
        *build_record_extracts(),
    )
