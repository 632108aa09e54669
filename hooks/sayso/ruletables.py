"""Read what every rules file says of a rule in the same words."""

from __future__ import annotations

from sayso.model import Rule, Severity
from sayso.tables import Table


def rules(table: Table, key: str = "rule") -> tuple[Rule, ...]:
    """Take all rules of an array of tables that holds nothing else.

    Raises:
        DataError: a key is missing or wrong, or one that no rule has.
    """
    found = []
    for entry in table.tables(key):
        found.append(rule(entry))
        entry.done()
    return tuple(found)


def rule(entry: Table) -> Rule:
    """Take the keys of a rule from a table; ``examples``, ``cwe`` and ``misses`` may be missing.

    What else the table holds is the caller's business, who calls ``entry.done()``.

    Raises:
        DataError: a key is missing or wrong.
    """
    examples = entry.table("examples")
    found = Rule(
        id=entry.text("id"),
        summary=entry.text("summary"),
        severity=Severity(entry.choice("severity", tuple(Severity))),
        why=entry.text("why"),
        fix=entry.text("fix"),
        since=entry.text("since"),
        flag=examples.texts("flag", ()),
        passes=examples.texts("pass", ()),
        cwe=entry.numbers("cwe", ()),
        misses=entry.text("misses", ""),
    )
    examples.done()
    return found
