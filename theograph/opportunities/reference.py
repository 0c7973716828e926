"""Every rule with its drawn cases, and every concept, as one page of Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from theograph.opportunities.case import Case
from theograph.opportunities.case_wording import (
    SHOWS,
    list_rows,
    say_circumstances,
    say_outcomes,
)
from theograph.opportunities.concept_wording import say_example, say_match, say_standing
from theograph.opportunities.rule import Rule
from theograph.opportunities.thresholds import list_thresholds, say_value
from theograph.opportunities.wording import (
    SEVERITY,
    STANDING,
    VERIFIED,
    Statement,
    join_or,
    say_consequence,
    say_needs,
    say_once_per,
    say_response,
    say_signal,
    say_source,
    say_unless,
)
from theograph.record.concepts import Concept

_INTRODUCTION = """# Rules and concepts

What counts as a missed opportunity, and what an event is taken to mean. This page is generated
by `theograph rules --format md`; change the files in `theograph/opportunities/rules` and
`theograph/record/concepts`, not this page.

A missed opportunity is a signal that something could be done, with no response in time. What
followed is association, not proof of what would have been saved. *Design choice* marks a
number that is ours.

"""


def write_reference(
    rules: Mapping[str, Rule],
    concepts: Mapping[str, Concept],
    cases: Callable[[str], Sequence[Case]],
) -> str:
    """The page in Markdown; `cases` gives the drawn cases of a rule by its id."""
    parts = [_INTRODUCTION, "## Rules\n\n"]
    parts += [_write_rule(rule, concepts, cases(rule.id)) for rule in rules.values()]
    parts.append("## Concepts\n\n")
    parts += [_write_concept(concept, rules) for concept in concepts.values()]
    return "".join(parts).rstrip() + "\n"


def list_users(concept: Concept, rules: Mapping[str, Rule]) -> tuple[Rule, ...]:
    """The rules that name `concept`, or count the long-term conditions that it is one of."""
    return tuple(
        rule
        for rule in rules.values()
        if concept.key in rule.concepts
        or (concept.long_term and any(each.where.conditions_at_least for each in rule.signals))
    )


def _write_rule(rule: Rule, concepts: Mapping[str, Concept], cases: Sequence[Case]) -> str:
    facts = (rule.theme.capitalize(), SEVERITY[rule.severity].lower(), say_once_per(rule).lower())
    needed = say_needs(rule)
    followed = say_consequence(rule.consequence)
    return "".join(
        (
            f"### {rule.id} {rule.title}\n\n{rule.plain}\n\n",
            f"*{', '.join(fact for fact in facts if fact)}. {needed}*\n\n".replace(" *\n", "*\n"),
            "**What is seen**\n\n",
            *(_write_signal(rule, number, concepts) for number in range(len(rule.signals))),
            f"**What was expected**: {rule.expected}\n\n",
            _bullets((_write_statement(part, concepts) for part in say_response(rule)), ""),
            "**Unless**\n\n" if rule.unless else "",
            _bullets((_write_statement(say_unless(each), concepts) for each in rule.unless), ""),
            f"**What followed**: {_write_statement(followed, concepts)}\n\n",
            f"**What to do now**: {rule.action}\n\n",
            _write_thresholds(rule),
            _write_source(rule),
            *(_write_case(case, rule) for case in cases),
        )
    )


def _write_signal(rule: Rule, number: int, concepts: Mapping[str, Concept]) -> str:
    signal = rule.signals[number]
    parts = (_write_statement(part, concepts) for part in say_signal(signal))
    return f"{number + 1}. {signal.say}\n" + _bullets(parts, "   ")


def _write_statement(statement: Statement, concepts: Mapping[str, Concept]) -> str:
    before, after = statement.split()
    links = [
        f"[{concepts[key].title if key in concepts else key}](#{key})" for key in statement.concepts
    ]
    return f"{before}{join_or(links)}{after}" if links else statement.text


def _write_thresholds(rule: Rule) -> str:
    rows = "".join(
        f"| {each.what} | {say_value(each)} | {each.standing.lower()} |\n"
        for each in list_thresholds(rule)
    )
    return f"| threshold | value | whose |\n|---|---|---|\n{rows}\n" if rows else ""


def _write_source(rule: Rule) -> str:
    source = rule.source
    said = (
        say_source(source),
        f"Basis: {source.basis}",
        f"thresholds: {STANDING[source.windows].lower()}",
        VERIFIED[source.verified].lower(),
    )
    notes = f"**What is ours and what is left out**: {source.notes}\n\n" if source.notes else ""
    return f"**Source**: {said[0]}. {'; '.join(said[1:])}.\n\n{notes}"


def _write_case(case: Case, rule: Rule) -> str:
    rows = "".join(
        f"| {row.when} | {row.sector} | {_cell(row.what)} | {', '.join(row.parts)} |\n"
        for row in list_rows(case)
    )
    outcomes = "; ".join(outcome.text for outcome in say_outcomes(case, rule))
    return (
        f"#### {case.name}\n\n{SHOWS[case.shows]}. {say_circumstances(case)}.\n\n"
        f"| when | where | what | to the rule |\n|---|---|---|---|\n{rows}\n→ {outcomes}\n\n"
    )


def _write_concept(concept: Concept, rules: Mapping[str, Rule]) -> str:
    ways = (
        "; ".join(f"{means.what.lower()}: {', '.join(means.values)}" for means in say_match(match))
        for match in concept.match
    )
    users = ", ".join(rule.id for rule in list_users(concept, rules))
    drawn = (
        f"{'is' if example.is_ else 'is not'}: {say_example(example)}"
        for example in concept.example
    )
    meant = " ".join((concept.meaning, *say_standing(concept)))
    return (
        f'### <a id="{concept.key}"></a>{concept.title}\n\n`{concept.key}`. {meant}\n\n'
        f"{_bullets(ways, '')}Source: {concept.source}\n\n{_bullets(drawn, '')}"
        f"Used by: {users or 'no rule'}\n\n"
    )


def _bullets(items: Iterable[str], indent: str) -> str:
    lines = "".join(f"{indent}- {item}\n" for item in items)
    return f"{lines}\n" if lines else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
