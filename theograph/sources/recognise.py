"""Recognising a layout by its headers."""

from __future__ import annotations

from collections.abc import Sequence

from theograph.errors import UnreadableSourceError
from theograph.sources.mapping import Mapping, lacking_columns

_NEAREST = 3


def recognise_layout(headers: list[str], mappings: Sequence[Mapping], *, name: str) -> Mapping:
    """The mapping whose headers are all present; the most demanding where several are.

    Raises `UnreadableSourceError` naming the nearest mappings and what each still lacks.
    """
    lacking = {mapping.name: lacking_columns(mapping, headers) for mapping in mappings}
    fitting = [mapping for mapping in mappings if not lacking[mapping.name]]
    if fitting:
        return max(fitting, key=lambda mapping: (len(mapping.recognise), mapping.name))
    raise UnreadableSourceError(describe_nearest(headers, mappings, name=name))


def describe_nearest(headers: list[str], mappings: Sequence[Mapping], *, name: str) -> str:
    """One line on which layouts `headers` come nearest to, and the columns each still lacks."""
    lacking = {mapping.name: lacking_columns(mapping, headers) for mapping in mappings}
    ranked = sorted(
        mappings,
        key=lambda mapping: (len(lacking[mapping.name]) / len(mapping.recognise), mapping.name),
    )
    nearest = "; ".join(
        f"{mapping.name} lacks {', '.join(lacking[mapping.name])}" for mapping in ranked[:_NEAREST]
    )
    return (
        f"{name}: layout not recognised from its {len(headers)} headers; nearest: {nearest}; "
        "rename the columns or give --mapping, which theograph mapping new drafts"
    )
