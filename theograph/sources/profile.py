"""What each column of a sheet holds: dates, numbers, identifiers, words of the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir

from theograph.kept_sql import keep_sql
from theograph.record.vocabulary import VOCABULARIES, YES_NO
from theograph.sources.dates import DateColumn, date_evidence, judge_dates, parse_clock
from theograph.sources.identifiers import valid_nhs_number
from theograph.sources.rows import StagedSheet

_MOST_EXAMPLES = 12
_SHAPES = ("iso", "zoned", "slashed", "named", "compact", "serial")

# Shapes of dates that no reader takes for granted; a mapping may name them under [dates].
# Where several fit all that a column holds, the first of them.
FORMS = (
    "%d/%m/%y",
    "%m/%d/%y",
    "%d.%m.%y",
    "%d-%m-%y",
    "%d/%m/%y %H:%M",
    "%d %B %Y",
    "%d-%b-%y",
    "%d %b %y",
    "%d %B %Y %H:%M",
    "%a %d %b %Y",
    "%A %d %B %Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%Y.%m.%d",
    "%Y%m%d%H%M",
    "%Y%m%d%H%M%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%d/%m/%Y %I:%M %p",
)


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column: how many cells are filled, and with what.

    `form` is a strptime form that its dates have and that a mapping must name; `examples` are
    the values it holds most, with how often.
    """

    header: str
    filled: int = 0
    distinct: int = 0
    dates: int = 0
    clocks: int = 0
    numbers: int = 0
    nhs_numbers: int = 0
    names: int = 0
    longest: int = 0
    words: dict[str, int] = field(default_factory=dict)
    study: DateColumn | None = None
    form: str | None = None
    examples: dict[str, int] = field(default_factory=dict)

    def mostly(self, count: int, share: float = 0.8) -> bool:
        """Whether `count` of its filled cells are at least this share of them."""
        return self.filled > 0 and count >= share * self.filled

    @property
    def is_date(self) -> bool:
        """Whether what it holds are dates."""
        return self.mostly(self.dates, 0.5)  # a few may be notes such as "to be confirmed"

    @property
    def is_number(self) -> bool:
        """Whether what it holds are numbers or amounts."""
        return self.mostly(self.numbers) and not self.is_date

    @property
    def is_clock(self) -> bool:
        """Whether what it holds are times of day."""
        return self.mostly(self.clocks) and not self.is_date

    @property
    def is_text(self) -> bool:
        """Whether what it holds are words."""
        return self.filled > 0 and not (self.is_date or self.is_clock or self.mostly(self.numbers))


def profile_columns(sql: duckdb.DuckDBPyConnection, sheet: StagedSheet) -> list[ColumnProfile]:
    """One profile a column of `sheet`, in order; rows with a problem are left out."""
    sql.execute(
        "create or replace temp view cells as select name[2:]::integer as cell, text from ("
        f"unpivot (select columns('^c[0-9]+$') from {sheet.source} where problem is null) "
        "on columns(*) into name name value text)"
    )
    query, names = _write_profile()
    found = {row[0]: dict(zip(names, row, strict=True)) for row in sql.execute(query).fetchall()}
    examples = _find_examples(sql)
    forms = _find_forms(sql)
    return [
        _read_profile(header, found[cell], examples[cell], forms.get(cell), sheet)
        if cell in found
        else ColumnProfile(header)
        for cell, header in enumerate(sheet.headers)
    ]


@lru_cache(maxsize=1)
@keep_sql
def _write_profile() -> tuple[str, tuple[str, ...]]:
    cells = ibis.table({"cell": "int64", "text": "string"}, name="cells")
    text = cells["text"]
    lowered = text.lower()
    words: dict[str, ir.Value] = {
        f"words|{column}": lowered.isin(list(accepted)).sum()
        for column, accepted in VOCABULARIES.items()
    }
    words["words|yes_no"] = lowered.isin(list(YES_NO)).sum()
    table = cells.group_by("cell").aggregate(
        filled=text.count(),
        distinct=text.nunique(),
        longest=text.length().max(),
        clocks=(parse_clock(text).notnull() & text.contains(":")).sum(),
        numbers=text.re_search(r"^[-+]?[£$€]? ?[-+]?[\d,]*\.?\d+$").sum(),
        nhs_numbers=valid_nhs_number(text).notnull().sum(),
        names=text.re_search(r"^[A-Za-z'’.-]+([ ,]+[A-Za-z'’.-]+)+$").sum(),
        **words,
        **date_evidence(text, "date|"),
    )
    return str(ibis.to_sql(table, dialect="duckdb")), tuple(table.columns)


def _find_examples(sql: duckdb.DuckDBPyConnection) -> dict[int, dict[str, int]]:
    found = sql.execute(
        "select cell, text, count(*) as times from cells group by cell, text "
        "qualify row_number() over (partition by cell order by times desc, text) <= $most "
        "order by cell, times desc, text",
        {"most": _MOST_EXAMPLES},
    ).fetchall()
    examples: dict[int, dict[str, int]] = {}
    for cell, text, times in found:
        examples.setdefault(cell, {})[text] = times
    return examples


def _find_forms(sql: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, int]]:
    """For each cell, the form that most of its texts have, and how many."""
    counts = ", ".join(f"count(try_strptime(text, '{form}'))" for form in FORMS)
    found = sql.execute(
        f"select cell, {counts} from cells where length(text) between 6 and 40 "
        "and regexp_matches(text, '[0-9]') group by cell"
    ).fetchall()
    best = {cell: max(zip(times, FORMS, strict=True), key=_first_most) for cell, *times in found}
    return {cell: (form, times) for cell, (times, form) in best.items() if times}


def _first_most(found: tuple[int, str]) -> tuple[int, int]:
    times, form = found
    return times, -FORMS.index(form)


def _read_profile(
    header: str,
    found: dict[str, Any],
    examples: dict[str, int],
    form: tuple[str, int] | None,
    sheet: StagedSheet,
) -> ColumnProfile:
    # Elsewhere than in a workbook a number of five digits is a number.
    shapes = _SHAPES if sheet.excel_epoch else _SHAPES[:-1]
    usual = sum(found[f"date|{shape}"] for shape in shapes)
    named = form if form is not None and form[1] > usual else None
    evidence = {name: value for name, value in found.items() if name.startswith("date|")}
    study = judge_dates(
        evidence,
        {"date": header},
        forms={"date": named[0]} if named else {},
        excel_epoch=sheet.excel_epoch,
    )["date"]
    plain = ("filled", "distinct", "longest", "clocks", "numbers", "nhs_numbers", "names")
    return ColumnProfile(
        header=header,
        dates=named[1] if named else usual,
        words={
            name.removeprefix("words|"): value
            for name, value in found.items()
            if name.startswith("words|")
        },
        study=study,
        form=named[0] if named else None,
        examples=examples,
        **{name: found[name] for name in plain},
    )
