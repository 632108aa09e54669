"""The rules of ``suppressions``: marks within files and configurations of scanners; compiled when first needed."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cache
from typing import NamedTuple

from sayso import ruletables
from sayso.model import Rule
from sayso.tables import Table

PLACES = ("comment", "code", "raw")
KINDS = ("scanner", "lint", "tests", "result")


class Mark(NamedTuple):
    """What silences a check from within a file; the fields are those of ``rules/suppressions.toml``."""

    id: str
    gate: tuple[str, ...]
    pattern: str
    where: str
    kind: str
    files: frozenset[str]
    security: str
    note: bool
    names: bool
    bare: bool
    tests: bool
    unless: bool
    flag: tuple[str, ...]
    passes: tuple[str, ...]


class Config(NamedTuple):
    """A file that tells a scanner what to leave out; the fields are those of ``rules/suppressions.toml``."""

    id: str
    files: tuple[str, ...]
    keys: str
    values: str
    part: str
    hooks: bool
    flag: tuple[str, ...]
    passes: tuple[str, ...]


class Coverage(NamedTuple):
    """How the limit of a coverage report is written."""

    gate: tuple[str, ...]
    pattern: str
    files: tuple[str, ...]


class SuppressionRules(NamedTuple):
    """All of it; ``rules`` is what ``sayso explain`` prints."""

    rules: tuple[Rule, ...]
    marks: tuple[Mark, ...]
    configs: tuple[Config, ...]
    coverage: Coverage
    scanners: str

    def rule(self, name: str) -> Rule:
        """Return the rule with this id."""
        return next(rule for rule in self.rules if rule.id == name)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern once, and only if a change needs it."""
    return re.compile(pattern)


@cache
def _globbed(glob: str) -> re.Pattern[str]:
    return re.compile(translate(glob))


def is_file(path: str, names: tuple[str, ...]) -> bool:
    """Tell whether ``path`` has one of ``names``; a name with a slash stands for an end of the path, ``*`` for any."""
    low = path.lower()
    name = low.rpartition("/")[2]
    for wanted in map(str.lower, names):
        if "*" not in wanted:
            if low == wanted or low.endswith(f"/{wanted}"):
                return True
        elif _globbed(wanted).match(low if "/" in wanted else name) or _globbed(f"*/{wanted}").match(low):
            return True
    return False


def read(table: Table) -> SuppressionRules:
    """Read the rules; raises ``DataError`` that names file, line and key."""
    rules = ruletables.rules(table)
    marks = tuple(map(_mark, table.tables("mark")))
    configs = tuple(map(_config, table.tables("config")))
    coverage = table.table("coverage")
    found = SuppressionRules(
        rules,
        marks,
        configs,
        Coverage(coverage.texts("gate"), coverage.text("pattern"), coverage.texts("files")),
        table.text("scanners"),
    )
    coverage.done()
    table.done()
    return found


def _mark(entry: Table) -> Mark:
    mark = Mark(
        entry.text("id"),
        entry.texts("gate"),
        entry.text("pattern"),
        entry.choice("where", PLACES, "comment"),
        entry.choice("kind", KINDS, "scanner"),
        frozenset(entry.texts("files", ())),
        entry.text("security", ""),
        entry.choice("otherwise", ("note", "nothing"), "nothing") == "note",
        entry.flag("names", default=True),
        entry.flag("bare", default=True),
        entry.flag("tests", default=False),
        entry.flag("unless", default=False),
        entry.texts("flag"),
        entry.texts("pass"),
    )
    entry.done()
    return mark


def _config(entry: Table) -> Config:
    config = Config(
        entry.text("id"),
        entry.texts("files"),
        entry.text("keys", ""),
        entry.text("values", ""),
        entry.text("part", ""),
        entry.flag("hooks", default=False),
        entry.texts("flag"),
        entry.texts("pass"),
    )
    entry.done()
    return config
