"""Who is who: merged on proof, kept apart on doubt, and said either way."""

from __future__ import annotations

from typing import NamedTuple

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theograph.sources.link import link_people

SALT = "salt"


class Seen(NamedTuple):
    """Identifiers seen together in one row, with what the row says of the person."""

    nhs: str | None = None
    pseudonym: str | None = None
    local: str | None = None  # written Provider/number
    born: str | None = None
    sex: str | None = None


class Linked(NamedTuple):
    refs: dict[str, str]  # identifier -> reference
    said: dict[str, str]  # identifier -> what is to be checked

    @property
    def people(self) -> set[frozenset[str]]:
        return {
            frozenset(key for key, ref in self.refs.items() if ref == one)
            for one in set(self.refs.values())
        }


def link(seen: list[Seen], known: dict[str, str] | None = None) -> Linked:
    con = duckdb.connect(config={"threads": 1})
    con.execute(
        "create table links (nhs_key varchar, pseudonym_key varchar, local_key varchar, "
        "date_of_birth date, sex varchar); "
        "create table old_identifiers (link_key varchar, person_ref varchar)"
    )
    rows = [
        (
            one.nhs and f"nhs_number:{one.nhs}",
            one.pseudonym and f"pseudonym:{one.pseudonym}",
            one.local and "local:" + one.local.replace("/", "\x1f"),
            one.born,
            one.sex,
        )
        for one in seen
    ]
    if rows:
        con.executemany("insert into links values (?, ?, ?, ?, ?)", rows)
    if known:
        con.executemany("insert into old_identifiers values (?, ?)", list(known.items()))
    conflicts = link_people(con, salt=SALT)
    found = con.execute("select link_key, person_ref from identifiers").fetchall()
    con.close()
    refs = {key.split(":", 1)[1].replace("\x1f", "/"): ref for key, ref in found}
    said = {one.identifier.replace(" ", "/"): one.what for one in conflicts}
    return Linked(refs, said)


def full_keys(linked: Linked) -> dict[str, str]:
    """The identifiers of a store after an import, for the next one."""
    kinds = {"N": "nhs_number:", "P": "pseudonym:"}
    return {
        (kinds[key[0]] if "/" not in key else "local:") + key.replace("/", "\x1f"): ref
        for key, ref in linked.refs.items()
    }


# what was seen -> who is who, and which identifiers a person should look at
CASES: dict[str, tuple[list[Seen], list[set[str]], dict[str, str]]] = {
    "the-same-nhs-number-in-two-extracts": (
        [Seen(nhs="N1", local="A/1"), Seen(nhs="N1", local="B/9")],
        [{"N1", "A/1", "B/9"}],
        {},
    ),
    "a-pseudonym-ties-extracts-without-numbers": (
        [Seen(pseudonym="P1", local="A/1"), Seen(pseudonym="P1", local="B/1")],
        [{"P1", "A/1", "B/1"}],
        {},
    ),
    "a-crosswalk-ties-a-number-a-pseudonym-and-a-local-number": (
        [Seen(nhs="N1"), Seen(pseudonym="P1"), Seen(local="A/1"), Seen("N1", "P1", "A/1")],
        [{"N1", "P1", "A/1"}],
        {},
    ),
    "equal-local-numbers-of-two-providers-are-two-people": (
        [Seen(local="A/1"), Seen(local="B/1")],
        [{"A/1"}, {"B/1"}],
        {},
    ),
    "local-number-and-pseudonym-of-the-same-text-are-two-people": (
        [Seen(local="A/1"), Seen(pseudonym="1"), Seen(nhs="2")],
        [{"A/1"}, {"1"}, {"2"}],
        {},
    ),
    "a-shared-number-with-contradicting-births-merges-nobody": (
        [Seen(nhs="N1", local="A/1", born="1950-01-01"), Seen("N1", None, "A/2", "1980-01-01")],
        [{"A/1"}, {"A/2"}],
        {"N1": "stands for 2 local numbers whose dates of birth or sexes differ"},
    ),
    "a-shared-number-with-contradicting-sexes-merges-nobody": (
        [Seen("N1", None, "A/1", None, "female"), Seen("N1", None, "A/2", None, "male")],
        [{"A/1"}, {"A/2"}],
        {"N1": "stands for 2 local numbers whose dates of birth or sexes differ"},
    ),
    "an-unknown-sex-contradicts-nothing": (
        [Seen("N1", None, "A/1", None, "female"), Seen("N1", None, "A/2", None, "not_known")],
        [{"N1", "A/1", "A/2"}],
        {},
    ),
    "two-local-numbers-of-one-person-who-agrees": (
        [Seen("N1", None, "A/1", "1950-01-01"), Seen("N1", None, "A/2", "1950-01-01")],
        [{"N1", "A/1", "A/2"}],
        {},
    ),
    "two-providers-may-disagree-on-a-birth-without-cutting-the-number": (
        [Seen("N1", None, "A/1", "1950-01-01"), Seen("N1", None, "B/1", "1951-01-01")],
        [{"N1", "A/1", "B/1"}],
        {},
    ),
    "two-nhs-numbers-that-agree-are-one-person-and-said": (
        [Seen("N1", None, "A/1", "1950-01-01"), Seen("N2", None, "A/1", "1950-01-01")],
        [{"N1", "N2", "A/1"}],
        {"A/1": "has 2 nhs numbers; their records agree, so they are one person"},
    ),
    "two-nhs-numbers-that-disagree-leave-the-local-number-to-nobody": (
        [Seen("N1", None, "A/1", "1950-01-01"), Seen("N2", None, "A/1", "1980-01-01")],
        [{"N1"}, {"N2"}],
        {"A/1": "is seen with 2 nhs numbers whose records do not agree"},
    ),
    "two-nhs-numbers-without-births-are-not-guessed-to-be-one": (
        [Seen(nhs="N1", local="A/1"), Seen(nhs="N2", local="A/1")],
        [{"N1"}, {"N2"}],
        {"A/1": "is seen with 2 nhs numbers whose records do not agree"},
    ),
    "a-long-chain-is-one-person": (
        [Seen(nhs=f"N{n}", local=f"{chr(65 + n)}/1") for n in range(20)]
        + [Seen(pseudonym="P", nhs=f"N{n}") for n in range(20)],
        [{"P", *(f"N{n}" for n in range(20)), *(f"{chr(65 + n)}/1" for n in range(20))}],
        {},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_who_is_who(case: str) -> None:
    seen, people, said = CASES[case]
    linked = link(seen)
    assert linked.people == {frozenset(one) for one in people}
    assert linked.said == said


@pytest.mark.parametrize("case", CASES)
def test_the_order_of_rows_does_not_matter(case: str) -> None:
    seen, _, _ = CASES[case]
    assert link(seen[::-1]) == link(seen)


def test_references_say_nothing_and_depend_on_the_salt() -> None:
    (ref,) = link([Seen(nhs="9990417288")]).refs.values()
    assert len(ref) == 17
    assert ref.startswith("p")
    assert "9990417288" not in ref


def test_a_person_keeps_the_reference_when_more_identifiers_arrive() -> None:
    first = link([Seen(nhs="N5", local="B/1")])
    later = link([Seen(nhs="N5", local="B/1"), Seen(nhs="N5", local="A/1")], full_keys(first))
    assert set(later.refs.values()) == set(first.refs.values())


def test_people_found_to_be_one_take_one_of_their_references() -> None:
    first = link([Seen(local="A/1"), Seen(local="B/1")])
    later = link([Seen(nhs="N1", local="A/1"), Seen(nhs="N1", local="B/1")], full_keys(first))
    assert len(set(later.refs.values())) == 1
    assert set(later.refs.values()) < set(first.refs.values())


def test_one_person_found_to_be_two_does_not_share_a_reference() -> None:
    seen = [Seen(nhs="N1", local="A/1"), Seen(nhs="N1", local="A/2")]
    first = link(seen)
    assert len(first.people) == 1
    born = [Seen("N1", None, "A/1", "1950-01-01"), Seen("N1", None, "A/2", "1980-01-01")]
    later = link(seen + born, full_keys(first))
    assert later.people == {frozenset({"A/1"}), frozenset({"A/2"})}
    assert first.refs["A/1"] in later.refs.values()


def test_an_unmerged_pair_of_numbers_does_not_share_a_reference() -> None:
    agreed = [Seen("N1", None, "A/1", "1950-01-01"), Seen("N2", None, "A/1", "1950-01-01")]
    first = link(agreed)
    assert len(first.people) == 1
    later = link([*agreed, Seen(nhs="N2", born="1980-01-01")], full_keys(first))
    assert later.people == {frozenset({"N1"}), frozenset({"N2"})}
    assert later.refs["N1"] == first.refs["N1"]


ANYBODY = st.builds(
    Seen,
    nhs=st.none() | st.sampled_from(["N1", "N2", "N3"]),
    pseudonym=st.none() | st.sampled_from(["P1", "P2"]),
    local=st.none() | st.sampled_from(["A/1", "A/2", "B/1"]),
    born=st.none() | st.sampled_from(["1950-01-01", "1980-01-01"]),
    sex=st.none() | st.sampled_from(["female", "male"]),
)


@settings(max_examples=20)
@given(st.lists(ANYBODY, max_size=6), st.lists(ANYBODY, max_size=4))
def test_a_reference_never_stands_for_two_people_however_extracts_arrive(
    early: list[Seen], late: list[Seen]
) -> None:
    first = link(early)
    later = link(early + late, full_keys(first))
    fresh = link(early + late)
    assert later.people == fresh.people
    assert later.said == fresh.said


@settings(max_examples=8)
@given(st.lists(ANYBODY, max_size=5))
def test_an_unrelated_person_changes_nobody(seen: list[Seen]) -> None:
    alone = link(seen)
    beside = link([*seen, Seen(nhs="N9", local="Z/1", born="1990-01-01")])
    assert {key: beside.refs[key] for key in alone.refs} == alone.refs
    assert beside.said == alone.said
