"""Joan's story, chapter by chapter."""

from __future__ import annotations

from theograph.synth.joan.chapters.boxed_in import BOXED_IN, SOMEONE_NOTICED
from theograph.synth.joan.chapters.crisis import FIRST_CRISIS
from theograph.synth.joan.chapters.fall import THE_FALL
from theograph.synth.joan.chapters.help_at_home import HOME_WITH_HELP, STILL_OPEN
from theograph.synth.joan.chapters.out_and_about import OUT_AND_ABOUT, THE_WALK_GETS_TOO_FAR
from theograph.synth.joan.chapters.patching import PATCHING
from theograph.synth.joan.entries import Chapter

STORY: tuple[Chapter, ...] = (
    OUT_AND_ABOUT,
    THE_WALK_GETS_TOO_FAR,
    BOXED_IN,
    SOMEONE_NOTICED,
    FIRST_CRISIS,
    PATCHING,
    THE_FALL,
    HOME_WITH_HELP,
    STILL_OPEN,
)
