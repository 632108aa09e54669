"""The check as a whole: every example of every rule, and how changes of several files are judged together."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli

from sayso import policy, tables
from sayso.checks import supply_chain
from sayso.lines import added_lines
from sayso.model import AddedLine, Change, ChangeKind, Finding, Severity, Snapshot

TEXT = (Path(__file__).parents[2] / "rules" / "supply_chain.toml").read_text(encoding="utf-8")
RULES = supply_chain.read_rules(tables.parse(TEXT, "supply_chain.toml"))
SHA = "0123456789abcdef0123456789abcdef01234567"


def snapshot(example: str) -> Snapshot:
    """Build the change that an example describes, as the head of the rules file explains it."""
    changes: list[Change] = []
    added: dict[str, tuple[AddedLine, ...]] = {}
    texts: dict[str, str] = {}
    before: dict[str, str] = {}
    there: set[str] = set()
    blocks: list[list[str]] = []
    for line in f"@ {example}".split("\n"):
        if line.startswith("@ "):
            blocks.append([line[2:]])
        elif line.startswith("? "):
            there.add(line[2:])
        else:
            blocks[-1].append(line)
    for path, *lines in blocks:
        old = "".join(f"{line[1:]}\n" for line in lines if line[:1] in "- ")
        new = "".join(f"{line[1:]}\n" for line in lines if line[:1] in "+ ")
        if not new:
            changes.append(Change(ChangeKind.DELETED, path))
            continue
        changes.append(Change(ChangeKind.MODIFIED if old else ChangeKind.ADDED, path))
        there.add(path)
        texts[path] = new
        if old:
            before[path] = old
        added[path] = added_lines(old or None, new)
    return Snapshot(tuple(changes), added, texts, before, there=frozenset(there))


def judge(given: Snapshot) -> list[Finding]:
    asked = set(supply_chain.asks(given.changes))
    given = given._replace(there=given.there & asked)
    return list(supply_chain.check(given, RULES, policy.DEFAULT))


def found(example: str) -> list[str]:
    return [finding.rule for finding in judge(snapshot(example))]


EXAMPLES = [
    pytest.param(rule.id, example, flagged, id=f"{rule.id}-{'flag' if flagged else 'pass'}-{number}")
    for rule in RULES.rules
    for flagged, examples in ((True, rule.flag), (False, rule.passes))
    for number, example in enumerate(examples)
]


@pytest.mark.parametrize(("rule", "example", "flagged"), EXAMPLES)
def test_examples_of_the_rules(rule: str, example: str, flagged: bool) -> None:
    assert (rule in found(example)) is flagged, found(example)


def test_every_rule_has_examples_of_both_kinds_and_none_refuses() -> None:
    assert [rule.id for rule in RULES.rules if not (rule.flag and rule.passes)] == []
    assert {rule.severity for rule in RULES.rules} == {Severity.NOTE, Severity.WARNING}
    assert len({rule.id for rule in RULES.rules}) == len(RULES.rules) == len(tomli.loads(TEXT)["rule"])
