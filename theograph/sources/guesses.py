"""Which column of a file seems to be which of ours, guess by guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from theograph.sources.header_words import Confidence, HeaderRule, split_words
from theograph.sources.mapping import Expression, normalise_header
from theograph.sources.profile import ColumnProfile


@dataclass(frozen=True, slots=True)
class Guess:
    """Which column of the file one of ours seems to be, how sure that is, and why."""

    header: str
    confidence: Confidence
    why: str


@dataclass(slots=True)
class Guesses:
    """What is known of each column of a file, and what was guessed so far."""

    profiles: list[ColumnProfile]
    found: dict[str, Guess] = field(default_factory=dict)
    columns: dict[str, Expression] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)

    def guessed(self, column: str) -> ColumnProfile | None:
        """The profile of the header that `column` was guessed to be."""
        guess = self.found.get(column)
        return next((one for one in self.profiles if guess and one.header == guess.header), None)

    @property
    def taken(self) -> set[str]:
        """The headers that are something already."""
        return {guess.header for guess in self.found.values()}

    def note(self, column: str, guess: Guess) -> None:
        """Take `column` to be what `guess` says."""
        self.found[column] = guess
        self.columns[column] = guess.header

    def drop(self, column: str) -> None:
        """Take the guess of `column` back."""
        del self.found[column], self.columns[column]


def keep_nameable(profiles: list[ColumnProfile]) -> list[ColumnProfile]:
    """The columns whose header a mapping can name: the first of headers that compare equal."""
    first: dict[str, ColumnProfile] = {}
    for profile in profiles:
        first.setdefault(normalise_header(profile.header), profile)
    return [profile for name, profile in first.items() if name]


def apply_rule(work: Guesses, rule: HeaderRule, *, but: Sequence[str] = ()) -> None:
    """Guess which column is the rule's, if any: the most telling header that is not taken."""
    taken = work.taken | set(but)
    found = [
        (rank, -profile.filled, place, profile)
        for place, profile in enumerate(work.profiles)
        if profile.filled
        and profile.header not in taken
        and (rank := rule.rank(split_words(profile.header))) is not None
        and rule.holds(profile)
    ]
    if found:
        rank, *_, profile = min(found, key=lambda one: one[:3])
        work.note(
            rule.column,
            Guess(profile.header, rule.confidence(rank), _say_why(rule, rank, profile)),
        )


def _say_why(rule: HeaderRule, rank: int, profile: ColumnProfile) -> str:
    if rule.column == "nhs_number":
        failing = profile.filled - profile.nhs_numbers
        return f"NHS numbers; {failing:,} fail their check" if failing else "valid NHS numbers"
    why = "by its name" if rule.patterns[rank] else "by what it holds"
    if profile.form is not None and profile.is_date:
        return f"{why}; read as {profile.form}"
    if profile.study is not None and profile.is_date:
        return f"{why}; {profile.study.why}"
    return why
