"""The verbs for missed opportunities, as someone meets them for the first time."""

from __future__ import annotations

import csv
import io
import re
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import Run
from theograph.importing import ImportOptions, import_extracts
from theograph.opportunities import screen, workbench
from theograph.opportunities.rulebook import Rulebook, load_rulebook
from theograph.record.tables import OPPORTUNITIES
from theograph.reports.opportunities import print_opportunities
from theograph.store import Store

FIELDS = [
    "rule",
    "person_id",
    "status",
    "signal_at",
    "due_at",
    "evidence",
    "response",
    "consequence",
    "cost_followed_pence",
    "title",
    "plain",
    "action",
    "source",
]
EVENTS = """event_id,person_id,start,end,sector,kind,provider,planned,outcome,description
A,P1,2024-01-02 10:00,2024-01-05 12:00,hospital,Emergency admission,Oak Hospital,false,\
Discharged to usual residence,Chest infection
B,P1,2024-06-01 09:00,,nhs111,NHS 111 call,Elm 111,false,,Cough
C,P1,2024-06-02 09:30,,gp,GP consultation,Ash Surgery,,,Cough
D,P2,2024-03-01 10:00,2024-03-04 12:00,hospital,Emergency admission,Oak Hospital,false,\
Discharged to usual residence,Chest infection
"""
FEEDS = """provider,sector,start,end
Oak Hospital,hospital,2023-01-01,2024-12-31
Elm 111,nhs111,2023-01-01,2024-12-31
Ash Surgery,gp,2023-01-01,2024-12-31
Fir Community,community,2023-01-01,2024-12-31
"""
SITE_RULE = """title = "A call to 111, no call back recorded"
plain = "The person rang 111, and no contact with the surgery is recorded within two days."
expected = "A call from the surgery"
action = "Ring the person."
theme = "access"
severity = "medium"
needs = ["gp"]
signal = [{ say = "The person rang 111", any = ["nhs111_contact"] }]
response = { any = ["gp_contact"], within = "2 days" }
source = { title = "Ours", basis = "design choice", windows = "design choice", verified = "no" }
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people home from hospital, screened once with our rules and once with a site's."""
    folder = tmp_path_factory.mktemp("opportunities")
    extracts, rules = folder / "extracts", folder / "my-rules" / "rules"
    extracts.mkdir()
    rules.mkdir(parents=True)
    (extracts / "events.csv").write_text(EVENTS)
    (extracts / "feeds.csv").write_text(FEEDS)
    (rules / "r29.toml").write_text(SITE_RULE)
    options = ImportOptions(rules=folder / "my-rules")
    now = datetime(2025, 1, 6, 9, tzinfo=UTC)
    import_extracts([extracts], Store(folder / "store"), options=options, now=now)
    return folder / "store"


def write_rule(folder: Path, name: str, text: str) -> Path:
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / name).write_text(text)
    return folder


def test_missed_and_open_are_listed_unless_other_statuses_are_asked_for(
    run: Run, store: Path
) -> None:
    found = run("opportunities", "--store", store, "--format", "json").rows
    assert {row["status"] for row in found} == {"missed"}
    assert [(row["rule"], row["person_id"], row["signal_at"], row["due_at"]) for row in found] == [
        ("R05", "P1", "2024-01-05T12:00:00", "2024-01-12"),
        ("R05", "P2", "2024-03-04T12:00:00", "2024-03-11"),
    ]


def test_json_holds_exactly_the_promised_fields_in_order(run: Run, store: Path) -> None:
    found = run("opportunities", "--store", store, "--format", "json", "--status", "missed,met")
    assert {tuple(row) for row in found.rows} == {tuple(FIELDS)}
    (met,) = [row for row in found.rows if row["status"] == "met"]
    assert met == {
        "rule": "R29",
        "person_id": "P1",
        "status": "met",
        "signal_at": "2024-06-01T09:00:00",
        "due_at": "2024-06-03",
        "evidence": ["B"],
        "response": "C",
        "consequence": None,
        "cost_followed_pence": None,
        "title": "A call to 111, no call back recorded",
        "plain": "The person rang 111, and no contact with the surgery is recorded"
        " within two days.",
        "action": "Ring the person.",
        "source": "Ours",
    }


def test_csv_has_the_same_fields_and_as_many_rows(run: Run, store: Path) -> None:
    done = run("opportunities", "--store", store, "--format", "csv", "--status", "missed,met")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert list(rows[0]) == FIELDS
    assert [row["evidence"] for row in rows] == ["A", "B", "D"]


def test_no_text_of_the_csv_is_a_formula_and_whole_numbers_stay_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = dict.fromkeys(OPPORTUNITIES.names) | {
        "rule": "R05",
        "person_id": "=HYPERLINK(1)",
        "status": "missed",
        "signal_at": datetime(2024, 1, 2),
        "has_time": False,
        "evidence": ["+A", "B"],
        "response": "@C",
    }
    print_opportunities(iter([found, found | {"cost_followed_pence": 7}]), load_rulebook(), "csv")
    first, second = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert [
        first[name] for name in ("person_id", "evidence", "response", "cost_followed_pence")
    ] == ["'=HYPERLINK(1)", "'+A;B", "'@C", ""]
    assert second["cost_followed_pence"] == "7"


def test_what_spark_works_out_is_chosen_and_named_as_what_the_store_holds(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine is stood in for; the Spark tests have what it finds."""

    def find_all(folder: Path, rulebook: Rulebook, session: str, *, as_of: date) -> pa.Table:
        assert (session, as_of) == ("a session", date(2024, 12, 31))
        assert "R29" in rulebook.rules
        return pq.read_table(folder / f"{OPPORTUNITIES.name}.parquet")

    monkeypatch.setattr(screen, "screen_with_spark", find_all)
    monkeypatch.setattr(workbench, "open_spark", lambda: nullcontext("a session"))
    for asked in ((), ("P2",), ("--rule", "r29"), ("--status", "met,missed")):
        words = ("opportunities", *asked, "--store", store, "--format", "json")
        stored = run(*words).rows
        assert stored or asked == ("--rule", "r29")
        assert run(*words, "--engine", "spark").rows == stored


def test_the_table_says_that_what_followed_is_no_proof(run: Run, store: Path) -> None:
    done = run("opportunities", "--store", store)
    assert "Home from hospital, no contact recorded" in done.out
    assert "association, not proof" in done.out


def test_nothing_found_is_an_empty_list_and_no_error(run: Run, store: Path) -> None:
    done = run("opportunities", "--store", store, "--status", "open", "--format", "json")
    assert (done.code, done.rows) == (0, [])


def test_one_person_and_one_rule_may_be_asked_for(run: Run, store: Path) -> None:
    done = run("opportunities", "P2", "--store", store, "--rule", "r05", "--format", "json")
    assert [row["person_id"] for row in done.rows] == ["P2"]


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (("--status", "lost"), 2, ("status", "'lost'", "missed, open, met, not_assessable")),
        (("--status", ""), 2, ("status", "''", "missed, open, met, not_assessable")),
        (("--status", " , "), 2, ("status", "''", "missed, open, met, not_assessable")),
        (("--rule", "R99"), 2, ("rule", "'R99'", "theograph rules lists them")),
        (("nobody",), 4, ("person", "'nobody'", "theograph people")),
        (("--format", "xml"), 2, ("--format", "'xml'", "table")),
        (("--engine", "abacus"), 2, ("--engine", "'abacus'", "spark")),
    ],
    ids=["status", "empty status", "blank status", "rule", "person", "format", "engine"],
)
def test_what_there_is_none_of_is_said_in_one_line(
    run: Run, store: Path, asked: tuple[str, ...], code: int, said: tuple[str, ...]
) -> None:
    done = run("opportunities", *asked, "--store", store)
    assert done.code == code
    assert done.out == ""
    assert_one_line(done.err, said)


def test_a_store_without_records_says_how_to_import(run: Run, tmp_path: Path) -> None:
    for verb in ("opportunities", "detect"):
        done = run(verb, "--store", tmp_path / "none")
        assert done.code == 5
        assert_one_line(done.err, ("holds no records", "theograph import PATH"))


def assert_one_line(text: str, said: tuple[str, ...]) -> None:
    assert len(text.strip().splitlines()) == 1
    assert text.startswith("theograph: ")
    for words in said:
        assert words.casefold() in text.casefold()


BAD_RULES = {
    "an unknown key": (
        "r05.toml",
        '[response]\nwithni = "5 days"\n',
        ("r05.toml", "response.withni", "see a shipped file"),
    ),
    "a bad duration": (
        "r05.toml",
        '[response]\nwithin = "a week"\n',
        ("r05.toml", "response.within", "'a week'", "write it as '28 days'"),
    ),
    "an unknown concept": (
        "r29.toml",
        SITE_RULE.replace('"nhs111_contact"', '"nhs112_contact"'),
        ("r29.toml", "'nhs112_contact'", "add it as concepts/nhs112_contact.toml"),
    ),
    "broken TOML": (
        "r05.toml",
        'title = "Home\n',
        ("r05.toml", "line 1", "correct that line"),
    ),
    "a missing key": (
        "r29.toml",
        SITE_RULE.replace('severity = "medium"\n', ""),
        ("r29.toml", "severity", "see a shipped file"),
    ),
    "an unknown sector": (
        "r29.toml",
        SITE_RULE.replace('needs = ["gp"]', 'needs = ["surgery"]'),
        ("r29.toml", "needs", "'surgery'"),
    ),
}


@pytest.mark.parametrize("name", BAD_RULES)
def test_a_bad_rule_file_says_where_it_is_wrong_and_what_to_do(
    run: Run, tmp_path: Path, name: str
) -> None:
    file, text, said = BAD_RULES[name]
    done = run("rules", "--rules", write_rule(tmp_path, file, text))
    assert done.code == 2
    assert done.out == ""
    assert_one_line(done.err, said)


def test_a_bad_rule_leaves_the_store_as_it_was(run: Run, store: Path, tmp_path: Path) -> None:
    before = run("opportunities", "--store", store, "--format", "json").out
    done = run("detect", "--store", store, "--rules", write_rule(tmp_path, "r05.toml", "x = 1\n"))
    assert done.code == 2
    assert run("opportunities", "--store", store, "--format", "json").out == before


def test_a_folder_without_rules_says_where_to_put_them(run: Run, tmp_path: Path) -> None:
    done = run("rules", "--rules", tmp_path)
    assert done.code == 2
    assert_one_line(done.err, ("holds no rules", "r29.toml"))


def test_one_line_changes_one_window_and_nothing_else(run: Run, tmp_path: Path) -> None:
    changed = write_rule(tmp_path, "r05.toml", '[response]\nwithin = "2 days"\n')
    ours = {rule["id"]: rule for rule in run("rules", "--format", "json").rows}
    site = {rule["id"]: rule for rule in run("rules", "--rules", changed, "--format", "json").rows}
    assert [key for key in ours if ours[key] != site[key]] == ["R05"]
    assert ours["R05"]["response"]["any"] == site["R05"]["response"]["any"]
    assert site["R05"]["response"]["within"] == {"after": {"days": 2}}


def test_the_readmes_rules_are_read_as_it_says(run: Run, tmp_path: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    changed, own = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    write_rule(tmp_path, "r13.toml", changed)
    write_rule(tmp_path, "r29.toml", own)
    found = {
        rule["id"]: rule for rule in run("rules", "--rules", tmp_path, "--format", "json").rows
    }
    assert found["R13"]["response"]["within"] == {"after": {"days": 28}}
    assert found["R13"]["title"] == "Loneliness noted, no link to the community recorded"
    assert found["R29"]["signal"][0]["any"] == ["nhs111_contact"]


def test_rules_of_a_store_include_the_sites_own(run: Run, store: Path) -> None:
    assert "A call to 111" in run("rules", "--store", store).out
    assert "A call to 111" not in run("rules").out
