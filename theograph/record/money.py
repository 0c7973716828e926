"""Integer pence in, pounds on show."""

from __future__ import annotations


def pounds(pence: int | float) -> str:
    """`pence` as whole pounds with separators: 1234567 becomes `£12,346`."""
    return f"{'-' if pence <= -50 else ''}£{round(abs(pence) / 100):,}"


def pounds_and_pence(pence: int | float) -> str:
    """`pence` to the penny: 4000 becomes `£40.00`."""
    return f"{'-' if pence < 0 else ''}£{abs(pence) / 100:,.2f}"


def short_pounds(pence: int | float) -> str:
    """`pence` short enough for a label in the picture: `£840`, `£3.1k`, `£12.8k`, `£1.2m`."""
    amount = abs(pence) / 100
    sign = "-" if pence <= -50 else ""
    if amount < 999.5:
        return f"{sign}£{amount:.0f}"
    if amount < 999_950:
        return f"{sign}£{amount / 1000:.1f}k"
    return f"{sign}£{amount / 1_000_000:.1f}m"
