"""Identifiers of people: which are valid, and the keys by which rows are linked."""

from __future__ import annotations

import functools
import operator

import ibis
import ibis.expr.types as ir

SEPARATOR = "\x1f"  # cannot occur in a scope or a number: control characters are dropped on reading

# Texts that systems write where they have no identifier. 'NA' is not among them: it may be one.
_NO_IDENTIFIER = ("invalid", "null", "none", "unknown", "not known", "#n/a")


def valid_nhs_number(text: ir.StringValue) -> ir.StringValue:
    """The ten digits of a valid NHS number, else null.

    Ten ASCII digits, spaces and hyphens allowed between them, not all the same, whose last is
    the modulus 11 check digit (NHS Data Dictionary, NHS NUMBER).
    """
    digits = text.replace(" ", "").replace("-", "")
    weights = [
        digits.substr(position, 1).try_cast("int64") * (10 - position) for position in range(9)
    ]
    check = (11 - functools.reduce(operator.add, weights) % 11) % 11
    valid = (
        digits.re_search(r"^[0-9]{10}$")
        & (check == digits.substr(9, 1).try_cast("int64"))
        & (digits != digits.substr(0, 1).repeat(10))
    )
    return valid.ifelse(digits, None)


def link_key(
    id_type: str, text: ir.StringValue, scope: ir.StringValue | None = None
) -> ir.StringValue:
    """`type:value`, or `local:scope<unit separator>value`; null where there is no identifier."""
    known = text.lower().isin(_NO_IDENTIFIER).ifelse(None, text)
    prefix = ibis.literal(f"{id_type}:")
    if scope is None:
        return prefix.concat(known)
    return prefix.concat(scope, ibis.literal(SEPARATOR), known)
