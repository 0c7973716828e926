"""Finding what every row means: its concepts, and why each was found.

What is said alike means the same, so each distinct wording is read once. The SQL here is
assembled from the columns of our own tables and from the words and codes of concept files,
every one of them quoted as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import duckdb

from theograph.opportunities.denial import strip_denials
from theograph.record.concepts import Concept, Match
from theograph.record.tables import CONDITIONS, EVENTS, MEASURES, TAGGED_NAMES, Table
from theograph.sql_text import quote

WORDING: Final[dict[str, tuple[str, ...]]] = {
    EVENTS.name: (
        "sector",
        "kind",
        "team",
        "mode",
        "status",
        "planned",
        "code_system",
        "code",
        "other_codes",
        "hrg",
        "description",
        "outcome",
    ),
    CONDITIONS.name: ("condition", "code_system", "code"),
    MEASURES.name: ("measure", "value", "category", "code_system", "code"),
}
# Codes of the wording, ready to be searched: of diagnoses without dots, upper case.
_CODES: Final = """
  case when lower(code_system) like 'icd%10%' then {icd} end as icd,
  case when lower(code_system) like 'snomed%' then concat_ws(';', code, {others})
       else {others} end as snomed
"""
_NOT_DONE: Final = "coalesce(status in ('did_not_attend', 'cancelled'), false)"

Test = tuple[str, str | None]  # SQL that holds or not, and SQL for why, in words


@dataclass(frozen=True, slots=True)
class _Finds:
    """Every pattern searched for, each once: SQL for what was found, by the name of its column."""

    columns: dict[str, str] = field(default_factory=dict)

    def find(self, pattern: str, column: str, name: str) -> Test:
        """A test that `pattern` is found in `column`; the reason gives what was found."""
        sought = f"nullif(regexp_extract({column}, {quote(pattern)}, 1), '')"
        found = self.columns.setdefault(sought, f"find_{len(self.columns)}")
        return f"{found} is not null", f"'{name} ' || {found}"


def tag_rows(
    sql: duckdb.DuckDBPyConnection,
    table: Table,
    concepts: Mapping[str, Concept],
    *,
    source: str,
    into: str,
) -> None:
    """Make the view `into`: the rows of `source` with the columns `concepts` and their reasons.

    `source` holds the columns of `table` (events, conditions or measures) but those two.
    """
    names = WORDING[table.name]
    wording = ", ".join(f'"{name}"' for name in names)
    finds = _Finds()
    at_hand = _look_at(sql, table, source)
    found = {
        key: said
        for key in sorted(concepts)
        if (said := _read(concepts[key], table, finds, at_hand))
    }
    sought = "".join(f", {query} as {name}" for query, name in finds.columns.items())
    because = "".join(f', {said} as "{key}"' for key, said in found.items())
    keys = ", ".join(f"case when \"{key}\" is not null then '{key}' end" for key in found)
    reasons = ", ".join(f'"{key}"' for key in found)
    wordings = f"wordings_of_{into}"
    sql.execute(
        f"create or replace temp table {wordings} as with said as materialized ("
        f"select *, {_prepare(table)} from (select distinct {wording} from {source})), "
        f"finds as materialized (select *{sought} from said), "
        f"reasons as materialized (select {wording}{because} from finds) "
        f"select {wording}, nullif(concat_ws(';', null, {keys or 'null'}), '') as concepts, "
        f"nullif(concat_ws(';', null, {reasons or 'null'}), '') as concepts_because from reasons"
    )
    same = " and ".join(f'r."{name}" is not distinct from w."{name}"' for name in names)
    tags = ", ".join(f"w.{name}" for name in TAGGED_NAMES)
    sql.execute(
        f"create or replace temp view {into} as "
        f"select r.*, {tags} from {source} r join {wordings} w on {same}"
    )


def join_icd10(code: str, others: str) -> str:
    """SQL for the ICD-10 codes of two columns, the principal one first and ';' between.

    They stand without dots, in upper case; others parted by commas are parted too.
    """
    parted = f"replace(concat_ws(';', {code}, {others}), ',', ';')"
    return f"upper(regexp_replace({parted}, '[. -]', '', 'g'))"


def _prepare(table: Table) -> str:
    others = "other_codes" if table is EVENTS else "null"
    columns = _CODES.format(others=others, icd=join_icd10("code", others))
    if table is EVENTS:
        said = strip_denials("description")
        return f"{columns}, {said} as said, lower(outcome) as ended, lower(team) as of_team"
    if table is CONDITIONS:
        return f"{columns}, {strip_denials('condition')} as said"
    return columns


@dataclass(frozen=True, slots=True)
class _AtHand:
    """Which columns hold anything, and which few values those hold that have few.

    Most rows say little: what no row at hand could be need not be asked of any.
    """

    filled: frozenset[str]
    values: Mapping[str, frozenset[str]]

    def allows(self, match: Match) -> bool:
        """Whether any row could be of `match`."""
        needed = {
            "description": match.words,
            "team": match.teams,
            "outcome": match.outcome_words,
            "code": (*match.icd10, *match.icd10_primary, *match.snomed, *match.local),
            "other_codes": match.opcs,
            "hrg": match.hrg,
            "measure": match.measure,
            "condition": match.conditions,
        }
        if match.snomed or match.icd10:
            needed["code"] = () if "other_codes" in self.filled else needed["code"]
        if any(said and name not in self.filled for name, said in needed.items()):
            return False
        of = {"sector": match.sectors, "kind": tuple(kind.lower() for kind in match.kinds)}
        return not any(
            wanted and not self.values[name] & set(wanted)
            for name, wanted in of.items()
            if name in self.values
        )


def _look_at(sql: duckdb.DuckDBPyConnection, table: Table, source: str) -> _AtHand:
    names = WORDING[table.name]
    counts = ", ".join(f'count("{name}") > 0' for name in names)
    (filled,) = sql.execute(f"select {counts} from {source}").fetchall()
    values = {}
    for name in ("sector", "kind") if table is EVENTS else ():
        listed = sql.execute(f"select distinct lower({name}) from {source}").fetchall()
        values[name] = frozenset(value for (value,) in listed)
    return _AtHand(
        frozenset(name for name, some in zip(names, filled, strict=True) if some), values
    )


def _read(concept: Concept, table: Table, finds: _Finds, at_hand: _AtHand) -> str | None:
    """SQL for why a wording is of the concept, null where it is not; None where it never is."""
    readers: dict[str, Callable[[Match, _Finds], list[Test]]] = {
        EVENTS.name: _read_event,
        CONDITIONS.name: _read_condition,
        MEASURES.name: _read_measure,
    }
    cases = []
    for match in filter(at_hand.allows, concept.match):
        tests = readers[table.name](match, finds)
        if tests:
            holds = " and ".join(f"coalesce({test}, false)" for test, _ in tests)
            reasons = [why for _, why in tests if why] or ["'its setting'"]
            why = " || ', ' || ".join(f"coalesce({reason}, '')" for reason in reasons)
            cases.append(f"when {holds} then replace({why}, ';', ',')")
    return f"case {' '.join(cases)} end" if cases else None


def _read_event(match: Match, finds: _Finds) -> list[Test]:
    if not match.of_events:
        return []
    return [*_read_setting(match), *_read_codes(match, finds), *_read_words(match, finds)]


def _read_setting(match: Match) -> list[Test]:
    """Where, how and whether it took place."""
    tests: list[Test] = [(f"not {_NOT_DONE}", None)]
    if match.statuses:
        tests = [(f"status in ({_texts(match.statuses)})", "'status ' || status")]
    if match.sectors:
        tests.append((f"sector in ({_texts(match.sectors)})", None))
    if match.modes:
        tests.append((f"mode in ({_texts(match.modes)})", "'mode ' || mode"))
    if match.planned is not None:
        tests.append((f"planned = {str(match.planned).lower()}", None))
    if match.not_planned:
        tests.append(("not coalesce(planned, false)", None))
    if match.kinds:
        kinds = _texts(tuple(kind.lower() for kind in match.kinds))
        tests.append((f"lower(kind) in ({kinds})", "'kind ' || kind"))
    return tests


def _read_words(match: Match, finds: _Finds) -> list[Test]:
    tests: list[Test] = []
    if match.teams:
        tests.append(finds.find(_any_word(match.teams), "of_team", "team"))
    if match.outcome_words:
        tests.append(finds.find(_any_word(match.outcome_words), "ended", "outcome"))
    if match.not_outcome_words:
        other = quote(_any_word(match.not_outcome_words))
        tests.append((f"not coalesce(regexp_matches(ended, {other}), false)", None))
    if match.words:
        said = _without("said", match.not_words)
        tests.append(finds.find(_any_word(match.words), said, "words"))
    return tests


def _read_condition(match: Match, finds: _Finds) -> list[Test]:
    if match.conditions:
        said = _without("said", match.not_words)
        return [finds.find(_any_word(match.conditions), said, "condition")]
    return _read_codes(match, finds) if match.of_codes_only else []


def _read_measure(match: Match, finds: _Finds) -> list[Test]:
    if match.measure is None:
        return _read_codes(match, finds) if match.of_codes_only else []
    tests: list[Test] = [
        (f"lower(measure) = {quote(match.measure.lower())}", "concat_ws(' ', measure, value)")
    ]
    if match.categories:
        categories = _texts(tuple(category.lower() for category in match.categories))
        tests.append((f"lower(category) in ({categories})", "category"))
    bounds = {">": match.above, ">=": match.at_least, "<=": match.up_to, "<": match.below}
    for sign, bound in bounds.items():
        if bound is not None:
            tests.append((f"round(value, 2) {sign} {bound!r}", None))
    return tests


def _read_codes(match: Match, finds: _Finds) -> list[Test]:
    tests: list[Test] = []
    for column, starts, pattern in (
        ("icd", match.icd10, "(?:^|;)((?:{})[A-Z0-9]*)"),
        ("icd", match.icd10_primary, "^((?:{})[A-Z0-9]*)"),
        ("upper(other_codes)", match.opcs, "(?:^|;)((?:{})[A-Z0-9]*)"),
        ("upper(hrg)", match.hrg, "^((?:{})[A-Z0-9]*)"),
        ("snomed", match.snomed, "(?:^|;)({})(?:;|$)"),
    ):
        if starts:
            tests.append(finds.find(pattern.format("|".join(starts)), column, "code"))
    if match.local:
        tests.append(
            (f"code_system = 'local' and code in ({_texts(match.local)})", "'code ' || code")
        )
    return tests


def _any_word(words: tuple[str, ...]) -> str:
    return rf"({'|'.join(_whole(word) for word in words)})"


def _whole(word: str) -> str:
    """A pattern for a whole word or phrase; a space is any run of spaces or a hyphen."""
    pattern = r"[\s-]+".join(re.escape(part) for part in word.lower().split())
    first = r"\b" if word[0].isalnum() else ""
    last = r"\b" if word[-1].isalnum() else ""
    return f"{first}{pattern}{last}"


def _without(column: str, phrases: tuple[str, ...]) -> str:
    if not phrases:
        return column
    pattern = "|".join(_whole(phrase) for phrase in phrases)
    return f"regexp_replace({column}, {quote(pattern)}, ' ', 'g')"


def _texts(values: tuple[str, ...]) -> str:
    return ", ".join(quote(value) for value in values)
