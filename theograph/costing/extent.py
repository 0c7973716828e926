"""How long each event lasts, and which events are episodes of one spell."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

NO_ACTIVITY = ("did_not_attend", "cancelled")
LONGEST_MINUTES = 24 * 60
SPELL_KEYS = ("person_ref", "sector", "provider", "spell_id")


def add_extent(events: ir.Table, *, as_of: ir.DateValue) -> ir.Table:
    """`events` with its own first and last day, days and minutes.

    Adds `x_first` and `x_last` (dates; no last day when there is no end and it is not
    ongoing), `x_days` (both days counted, for what lasts) and `x_minutes`.
    """
    end_day = ibis.ifelse(events.ongoing, as_of, events.end.date())
    dated = events.mutate(x_first=events.start.date(), x_last=end_day)
    dated = dated.mutate(x_last=_not_before(dated.x_last, dated.x_first))
    within = dated.end.delta(dated.start, unit="minute")
    timed = dated.has_time & ~dated.ongoing & (within > 0) & (within < LONGEST_MINUTES)
    return dated.mutate(
        x_days=dated.x_last.delta(dated.x_first, unit="day") + 1,
        x_minutes=ibis.coalesce(dated.duration_minutes, ibis.ifelse(timed, within, None)),
    )


def group_spells(events: ir.Table) -> ir.Table:
    """`events` with what the spell as a whole is, so that it is costed once.

    Rows of one person, sector and provider that share a `spell_id` are one spell, those that
    were cancelled or not attended left out. Wants `x_recorded` (has a recorded cost) and
    `x_recorded_pence`. Sets `x_first` and `x_last` to those of the spell, adds
    `x_part` (another row carries this one's cost) and the spell's `x_hrg`.

    A spell's recorded cost that is the same on every row that has one is the spell's,
    and counts once; where rows differ each is an episode's, and all count.
    """
    in_spell = events.spell_id.notnull() & ~_was_no_activity(events)
    marked = events.mutate(x_in_spell=in_spell, x_order=_order_text(events))
    spells = _summarise_spells(marked.filter(marked.x_in_spell))
    same = [marked[key].identical_to(spells[f"x_spell_{key}"]) for key in SPELL_KEYS]
    whole = marked.left_join(spells, same)
    differs = whole.x_spell_lowest != whole.x_spell_highest
    carries = ibis.ifelse(
        whole.x_spell_recorded_order.notnull(),
        whole.x_recorded
        & (differs.fill_null(False) | (whole.x_order == whole.x_spell_recorded_order)),
        whole.x_order == whole.x_spell_order,
    )
    return whole.mutate(
        x_part=whole.x_in_spell & ~carries,
        x_first=ibis.ifelse(whole.x_in_spell, whole.x_spell_first, whole.x_first),
        x_last=ibis.ifelse(whole.x_in_spell, whole.x_spell_last, whole.x_last),
        x_hrg=ibis.coalesce(whole.hrg, ibis.ifelse(whole.x_in_spell, whole.x_spell_hrg, None)),
    )


def _summarise_spells(episodes: ir.Table) -> ir.Table:
    keys = {f"x_spell_{key}": episodes[key] for key in SPELL_KEYS}
    return episodes.group_by(**keys).agg(
        x_spell_first=episodes.x_first.min(),
        x_spell_last=episodes.x_last.max(),
        x_spell_hrg=episodes.hrg.min(),
        x_spell_order=episodes.x_order.min(),
        x_spell_recorded_order=ibis.coalesce(
            episodes.x_order.min(where=episodes.x_recorded_pence.notnull()),
            episodes.x_order.min(where=episodes.x_recorded),
        ),
        x_spell_lowest=episodes.x_recorded_pence.min(),
        x_spell_highest=episodes.x_recorded_pence.max(),
    )


def _order_text(events: ir.Table) -> ir.StringValue:
    row = events.source_row.cast("string").lpad(12, "0")
    ordered = (events.start.cast("string"), events.event_id, events.source_file, row)
    parts = [part.fill_null("") for part in ordered]
    text: ir.StringValue = ibis.literal("|").join(parts)
    return text


def add_stay(events: ir.Table) -> ir.Table:
    """`events` with the nights of the spell or contact (`x_nights`, 0 for a contact)."""
    nights = events.x_last.delta(events.x_first, unit="day")
    return events.mutate(x_lasts=events.x_last.notnull(), x_nights=ibis.coalesce(nights, 0))


def _was_no_activity(events: ir.Table) -> ir.BooleanValue:
    return events.status.isin(NO_ACTIVITY).fill_null(False)


def _not_before(day: ir.DateValue, earliest: ir.DateValue) -> ir.DateValue:
    return ibis.ifelse(day < earliest, earliest, day)
