"""Attributes by which assistive technology knows a part of the page."""

from __future__ import annotations

from typing import Any


def aria(**attributes: str) -> dict[str, Any]:
    """`aria(label="Lanes")` as keyword arguments of a dash html component: `aria-label`."""
    return {f"aria-{name}": value for name, value in attributes.items()}
