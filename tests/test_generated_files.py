"""Files that are generated say what their source says."""

from __future__ import annotations

from pathlib import Path

from theograph.record.reference import write_reference

ROOT = Path(__file__).resolve().parent.parent


def test_the_record_page_is_the_one_the_tables_give() -> None:
    page = (ROOT / "theograph" / "record" / "RECORD.md").read_text(encoding="utf-8")
    assert page == write_reference(), "run `make record`"


def test_the_lock_files_name_no_registry_and_hash_everything() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-spark.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        pins = [line for line in text.splitlines() if line and not line.startswith(" ")]
        assert all("==" in pin and pin.endswith("\\") for pin in pins)
