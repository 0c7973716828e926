"""Drafting a mapping for a file of an unknown layout, from its headers and what it holds.

A draft is a proposal: each guess says how sure it is and why, and what nothing in the file
tells is a constant that the user is asked to change.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, Literal

import duckdb

from theograph.record.vocabulary import VOCABULARIES, YES_NO
from theograph.sources.guesses import Guess, Guesses, apply_rule, keep_nameable
from theograph.sources.header_words import (
    DID_NOT_ATTEND,
    EVENT_RULES,
    PEOPLE_RULES,
    Confidence,
    find_rate_unit,
    split_words,
)
from theograph.sources.mapping import (
    IDENTIFIERS,
    Constant,
    DateAndTime,
    Expression,
    FromColumn,
    Mapping,
    Use,
    parse_mapping,
)
from theograph.sources.mapping_text import write_draft
from theograph.sources.profile import ColumnProfile, profile_columns
from theograph.sources.rows import StagedSheet
from theograph.sources.sector_words import find_sector

__all__ = ["Confidence", "Draft", "Guess", "draft_mapping", "write_draft"]

_UNTOLD_SECTOR: Final = "community"
_UNTOLD_KIND: Final = "Contact"
_FIRST: Final = ("event_id", *IDENTIFIERS, "start", "end", "requested_at", "sector", "kind")


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed mapping: guesses by our column, and the text of the mapping file.

    `columns` are those of events, `people` what the rows say of the person. `lacks` says what an
    event needs and no column gives: then `text` reads people only, or is for a person to complete.
    """

    title: str
    recognise: list[str]
    guesses: dict[str, Guess]
    columns: dict[str, Expression]
    people: dict[str, Expression]
    text: str
    lacks: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether the draft reads the file as it stands, be it for people only."""
        return not self.lacks or bool(self.people and "person" not in self.lacks)

    def mapping(self, name: str) -> Mapping:
        """The draft as a mapping called `name`; `MappingError` where it is not `usable`."""
        return parse_mapping(name, self.text, file=f"{name}.toml")


def draft_mapping(sql: duckdb.DuckDBPyConnection, sheet: StagedSheet) -> Draft:
    """A draft of the mapping that would read `sheet`; nothing in a file makes it raise."""
    work = Guesses(keep_nameable(profile_columns(sql, sheet)))
    for rule in EVENT_RULES:
        apply_rule(work, rule)
    _keep_one_person(work)
    _pair_clocks(work)
    _translate_words(work)
    _say_rate_unit(work)
    _fill_sector(work, sheet.name)
    _fill_kind(work)
    people = _guess_people(work)
    lacks = _find_lacks(work)
    title = PurePath(sheet.name).name
    columns = {
        name: work.columns[name] for name in (*_FIRST, *work.columns) if name in work.columns
    }
    text = _write(work, title, columns, people, lacks)
    return Draft(title, _recognise(work), work.found, columns, people, text, lacks)


def _write(
    work: Guesses,
    title: str,
    columns: dict[str, Expression],
    people: dict[str, Expression],
    lacks: tuple[str, ...],
) -> str:
    only_people = bool(lacks) and bool(people)
    written = {**({} if only_people else columns), **people}
    used = {guess.header for name, guess in work.found.items() if name in written}
    forms = {one.header: one.form for one in work.profiles if one.form and one.header in used}
    return write_draft(
        title,
        _recognise(work) or [one.header for one in work.profiles[:1]],
        people if only_people else columns,
        section="people" if only_people else "events",
        people=None if only_people else people,
        comments=_say_guesses(work) | work.comments,
        dates=forms,
    )


def _keep_one_person(work: Guesses) -> None:
    """A name is no number: it goes where there is one, and otherwise is said to be a name."""
    found = [name for name in IDENTIFIERS if name in work.found]
    profile = work.guessed("local_id")
    if profile is None or not profile.mostly(profile.names, 0.5):
        return
    if len(found) > 1:
        work.drop("local_id")
    else:
        why = "seems to hold names: two people of one name would be taken for one"
        work.note("local_id", Guess(profile.header, "perhaps", why))


def _pair_clocks(work: Guesses) -> None:
    """A column of nothing but times of day goes with the date whose name it shares most."""
    clocks = [one for one in work.profiles if one.is_clock and one.header not in work.taken]
    for column in ("start", "end"):
        if column not in work.found or not clocks:
            continue
        date = work.found[column].header
        words = set(split_words(date).split())
        shared = [len(words & set(split_words(one.header).split())) for one in clocks]
        best = shared.index(max(shared))
        if shared[best] or (column == "start" and len(clocks) == 1):
            work.columns[column] = DateAndTime(date=date, time=clocks.pop(best).header)


def _translate_words(work: Guesses) -> None:
    """Words that are not ours are translated value by value; what is not known stays empty."""
    for column in ("status", "mode", "sector"):
        profile = work.guessed(column)
        if profile is None:
            continue
        accepted = VOCABULARIES[column]
        ours = {value: accepted.get(value.casefold()) for value in profile.examples}
        if column == "status" and not any(ours.values()):
            ours = _read_yes_and_no(profile)
        if profile.distinct == len(ours) and all(value.casefold() in accepted for value in ours):
            continue
        other: Literal["empty"] | Use = Use(use=_UNTOLD_SECTOR) if column == "sector" else "empty"
        values = {value: word for value, word in ours.items() if word}
        work.columns[column] = FromColumn(column=profile.header, values=values, other=other)


def _read_yes_and_no(profile: ColumnProfile) -> dict[str, str | None]:
    """Yes and no as statuses: a yes to "attended" is one thing, a yes to "DNA" the other."""
    missed = DID_NOT_ATTEND.search(split_words(profile.header)) is not None
    words = {True: "did_not_attend" if missed else "attended"}
    words[False] = "attended" if missed else "did_not_attend"
    known = {value: YES_NO.get(value.casefold()) for value in profile.examples}
    return {value: words[yes] for value, yes in known.items() if yes is not None}


def _say_rate_unit(work: Guesses) -> None:
    if "recorded_rate_gbp" in work.found:
        unit = find_rate_unit(split_words(work.found["recorded_rate_gbp"].header))
        work.columns["recorded_rate_unit"] = Constant(text=unit)


def _find_lacks(work: Guesses) -> tuple[str, ...]:
    person = () if set(IDENTIFIERS) & set(work.found) else ("person",)
    return (*person, *(() if "start" in work.found else ("date",)))


def _fill_sector(work: Guesses, sheet_name: str) -> None:
    """The sector, as a column, its values' words or the names of things tell; else a constant."""
    if "sector" in work.found:
        return
    for column in ("kind", "team", "provider"):
        profile = work.guessed(column)
        if profile is not None and _sector_by_values(work, profile):
            if column == "kind" and isinstance(work.columns["sector"], FromColumn):
                _find_other_kind(work, profile.header)
            return
    named = ("start", "end", "event_id", "kind", "team")
    headers = (split_words(work.found[name].header) for name in named if name in work.found)
    told = find_sector(split_words(PurePath(sheet_name).stem)) or find_sector(" ".join(headers))
    work.columns["sector"] = Constant(text=told or _UNTOLD_SECTOR)
    work.comments["sector"] = (
        "perhaps: the names of the file and its columns say so"
        if told
        else "change this: nothing tells the sector; theograph record lists them"
    )


def _sector_by_values(work: Guesses, profile: ColumnProfile) -> bool:
    values = {value: told for value in profile.examples if (told := find_sector(value))}
    if not profile.mostly(sum(profile.examples[value] for value in values), 0.5):
        return False
    work.note("sector", Guess(profile.header, "likely", "words in it tell the sector"))
    sectors = list(dict.fromkeys(values.values()))
    work.columns["sector"] = (
        Constant(text=sectors[0])
        if len(sectors) == 1
        else FromColumn(column=profile.header, values=values, other=Use(use=sectors[0]))
    )
    return True


def _find_other_kind(work: Guesses, sector_header: str) -> None:
    """What names several sectors seldom says what happened, if another column does."""
    first = work.found["kind"]
    work.drop("kind")
    rule = next(rule for rule in EVENT_RULES if rule.column == "kind")
    apply_rule(work, rule, but=(sector_header,))
    if "kind" not in work.found:
        work.note("kind", first)


def _fill_kind(work: Guesses) -> None:
    if "kind" not in work.columns:
        work.columns["kind"] = Constant(text=_UNTOLD_KIND)
        work.comments["kind"] = "change this: no column says what happened"


def _guess_people(work: Guesses) -> dict[str, Expression]:
    """What the rows say of the person, where that is more than an identifier."""
    others = Guesses(work.profiles, found=dict(work.found))
    for rule in PEOPLE_RULES:
        apply_rule(others, rule)
    if "date_of_birth" not in others.columns:
        return {}
    if "event_id" in work.found and not {"start", *IDENTIFIERS} & set(work.found):
        header = work.found["event_id"].header  # in a list of people a row's number is theirs
        work.drop("event_id")
        work.note("local_id", Guess(header, "perhaps", "the number of the row"))
    work.found |= {name: others.found[name] for name in others.columns}
    whose = {name: work.columns[name] for name in IDENTIFIERS if name in work.columns}
    return {**whose, **others.columns}


def _say_guesses(work: Guesses) -> dict[str, str]:
    """A remark beside each column that is less than sure, and beside each date."""
    return {
        column: f"{guess.confidence}: {guess.why}"
        for column, guess in work.found.items()
        if guess.confidence != "sure" or "; " in guess.why
    }


def _recognise(work: Guesses) -> list[str]:
    needed = (*IDENTIFIERS, "start", "kind")
    found = [work.found[name].header for name in needed if name in work.found]
    return found or [one.header for one in work.profiles[:1]]
