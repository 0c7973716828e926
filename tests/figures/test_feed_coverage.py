"""How far the extracts reach: what is drawn is what there is, and gaps are to be seen."""

from __future__ import annotations

import pandas as pd
import pytest

from theograph.figures.feed_coverage import (
    BAR_PX,
    ROW_PX,
    describe_feeds,
    draw_feed_coverage,
    find_uncovered_months,
)

MARKUP = "<b>North</b>"


@pytest.fixture
def months() -> pd.DataFrame:
    """A surgery whose extracts miss February, and a hospital that begins in March."""
    rows = [
        (MARKUP, "gp", "2024-01-01", 10, True),
        (MARKUP, "gp", "2024-02-01", 0, False),
        (MARKUP, "gp", "2024-03-01", 5, True),
        (MARKUP, "gp", "2024-04-01", 0, True),
        (None, "hospital", "2024-03-01", 1, True),
        (None, "hospital", "2024-04-01", 2, True),
    ]
    found = pd.DataFrame(rows, columns=["provider", "sector", "month", "events", "covered"])
    return found.astype({"month": "datetime64[us]"})


def test_a_bar_stands_for_each_month_with_events(months: pd.DataFrame) -> None:
    figure = draw_feed_coverage(months)
    bars = {trace.name: trace for trace in figure.data if trace.name != "no extract"}
    assert list(bars) == ["Hospital stay", "General practice"]
    assert [row[2] for row in bars["General practice"].customdata] == ["10 events", "5 events"]
    assert list(bars["General practice"].y) == [-BAR_PX, -BAR_PX / 2]
    assert [row[2] for row in bars["Hospital stay"].customdata] == ["1 event", "2 events"]


def test_months_without_an_extract_are_hatched_over_the_whole_span(months: pd.DataFrame) -> None:
    gaps = find_uncovered_months(months)
    found = {(gap.provider, f"{gap.first:%Y-%m}", f"{gap.last:%Y-%m}") for gap in gaps.itertuples()}
    assert found == {
        (MARKUP, "2024-02", "2024-02"),
        ("Provider not recorded", "2024-01", "2024-02"),
    }
    (hatched,) = [trace for trace in draw_feed_coverage(months).data if trace.name == "no extract"]
    assert hatched.marker.pattern.shape == "/"
    assert len(hatched.x) == 2


def test_each_feed_has_a_row_named_as_text(months: pd.DataFrame) -> None:
    figure = draw_feed_coverage(months)
    said = [note.text for note in figure.layout.annotations]
    assert said == [
        "Provider not recorded",
        "Hospital stay · 3 events",
        "&lt;b&gt;North&lt;/b&gt;",
        "General practice · 15 events",
    ]
    assert figure.layout.yaxis.range == (2 * ROW_PX, 0)
    assert "<b>North" not in str(figure.to_plotly_json()).replace("<b>%", "")


def test_the_words_say_the_same(months: pd.DataFrame) -> None:
    hospital, surgery = describe_feeds(months).to_dict("records")
    assert surgery["Extracts reach"] == "Jan 2024 to Apr 2024"
    assert surgery["Events"] == "15"
    assert surgery["Months between without an extract"] == "Feb 2024"
    assert surgery["Covered months without an event"] == "Apr 2024"
    assert hospital["Extracts reach"] == "Mar 2024 to Apr 2024"
    assert hospital["Months between without an extract"] == "None"


def test_no_extract_at_all_is_said(months: pd.DataFrame) -> None:
    (line,) = describe_feeds(months[3:4].assign(covered=False, events=1)).to_dict("records")
    assert line["Extracts reach"] == "No extract"


def test_the_callers_frame_stays_as_it_is(months: pd.DataFrame) -> None:
    before = months.copy(deep=True)
    draw_feed_coverage(months)
    describe_feeds(months)
    pd.testing.assert_frame_equal(months, before)
