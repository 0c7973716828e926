"""The figure, number by number, against a kept copy.

`THEOGRAPH_UPDATE_GOLDEN=1 python -m pytest tests/figures/test_golden.py` writes the copies anew.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from theograph.figures import View, draw_theograph
from theograph.journey import Journey

GOLDEN = Path(__file__).parents[1] / "golden" / "figures"
VIEWS = {
    "joan": View(selected="e164"),
    "joan_by_provider": View(by="provider", sectors=("hospital", "outpatients", "community")),
    "joan_days_from_event": View(axis="relative", anchor="e164", show_conditions=False),
    "joan_three_months": View(
        start=pd.Timestamp("2023-04-01"), end=pd.Timestamp("2023-07-01"), text="nurse"
    ),
    "joan_opportunity": View(opportunity=1, opportunities=tuple(range(10)), show_costs=False),
}


def normalise(value: Any) -> Any:
    """`value` with arrays as lists and floats rounded, so that equal pictures are equal."""
    if isinstance(value, dict):
        if set(value) >= {"dtype", "bdata"}:
            array = np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"])
            return normalise(array.tolist())
        return {key: normalise(part) for key, part in value.items() if key != "template"}
    if isinstance(value, list):
        return [normalise(part) for part in value]
    return round(value, 4) if isinstance(value, float) else value


@pytest.mark.parametrize("name", list(VIEWS))
def test_the_figure_is_as_it_was(joan: Journey, name: str) -> None:
    drawn = normalise(json.loads(draw_theograph(joan, VIEWS[name]).to_json()))
    text = json.dumps(drawn, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    path = GOLDEN / f"{name}.json"
    if os.environ.get("THEOGRAPH_UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), (
        "the picture changed; look at it, then run with THEOGRAPH_UPDATE_GOLDEN=1"
    )
