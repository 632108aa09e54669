"""The rules of ``secure-claims``: read from TOML, compiled when first needed.

A pattern is matched against a statement's ``norm`` and may use ``{name}`` for
an entry of ``[vocabulary]``, ``{class}`` for any vulnerability class and
``{tool}`` for any scanner. ``needs`` are literal words one of which a statement
must hold before the pattern is even compiled, and ``also`` another such list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from sayso import tables
from sayso.model import Rule, Severity

KINDS = ("general", "class", "scanner", "secrets", "dependencies", "tests", "review", "confidence", "absolute")
TIERS = ("refuse", "warn")
CONTEXTS = ("message", "prose", "comment")
_WHOLE = r"(?![-._/]?\w)"  # trivy-action and bandit.yaml are no scanners


class Guard(NamedTuple):
    """What makes a match no claim: found in the ``whole`` statement, ``inside``, ``before`` or ``after`` the match."""

    id: str
    where: str
    needs: tuple[str, ...]
    patterns: tuple[str, ...]
    reach: int
    contexts: tuple[str, ...]


class ClaimRule(NamedTuple):
    """One way of claiming. In the contexts of ``warns_in`` it is of tier "warn" whatever ``tier`` says."""

    id: str
    kind: str
    tier: str
    needs: tuple[str, ...]
    also: tuple[str, ...]
    patterns: tuple[str, ...]
    contexts: tuple[str, ...]
    ignores: tuple[str, ...]
    warns_in: tuple[str, ...]


class Named(NamedTuple):
    """A vulnerability class with its CWE numbers, or a scanner with its canonical name."""

    name: str
    pattern: str
    cwe: tuple[int, ...] = ()


class ClaimRules(NamedTuple):
    """Parsed rules; ``rules`` is what ``sayso explain`` prints."""

    rules: tuple[Rule, ...]
    claims: tuple[ClaimRule, ...]
    guards: tuple[Guard, ...]
    classes: tuple[Named, ...]
    tools: tuple[Named, ...]
    gate: tuple[str, ...]
    kept: str


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern once."""
    return re.compile(pattern)


def parse_rules(text: str, source: str = "claims.toml") -> ClaimRules:
    """Parse the text of a claims file.

    Raises:
        DataError: unknown or missing keys, wrong types, patterns that do not compile by name; says file, line and key.
    """
    return read_rules(tables.parse(text, source))


def read_rules(top: tables.Table) -> ClaimRules:
    """Read the rules from a table that was parsed already; raises ``DataError``."""
    top.number("schema")
    classes = tuple(_named(table) for table in top.tables("class"))
    tools = tuple(_named(table) for table in top.tables("tool"))
    words = _vocabulary(top, classes, tools)
    gate = top.texts("gate")
    kept = _expand(top, "keep_code", top.text("keep_code"), words)
    guards = tuple(_guard(table, words) for table in top.tables("guard"))
    names = frozenset(guard.id for guard in guards)
    rules, claims = [], []
    for table in top.tables("rule"):
        claims.append(_claim(table, words, names))
        rules.append(_rule(table, claims[-1].id, claims[-1].tier))
        table.done()
    for table in top.tables("hidden"):
        rules.append(_rule(table, table.text("id"), table.choice("tier", TIERS)))
        table.done()
    top.done()
    return ClaimRules(tuple(rules), tuple(claims), guards, classes, tools, gate, kept)


def _named(table: tables.Table) -> Named:
    named = Named(table.text("name"), table.text("pattern"), table.numbers("cwe", ()))
    table.done()
    return named


def _vocabulary(top: tables.Table, classes: tuple[Named, ...], tools: tuple[Named, ...]) -> dict[str, str]:
    words = {
        "class": _either(named.pattern for named in classes),
        "tool": f"{_either(named.pattern for named in tools)}{_WHOLE}",
    }
    table = top.table("vocabulary")
    for key in table.keys():  # noqa: SIM118 - a Table is not a dict
        value = table.text(key)
        words[key] = f"(?:{_expand(table, key, value, words)})"
    return words


def _either(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


def _expand(table: tables.Table, key: str, pattern: str, words: dict[str, str]) -> str:
    def word(found: re.Match[str]) -> str:
        if found[1] not in words:
            raise table.error(f"unknown word {found[0]}", key)
        return words[found[1]]

    return re.sub(r"\{([a-z_]+)\}", word, pattern)


def _guard(table: tables.Table, words: dict[str, str]) -> Guard:
    guard = Guard(
        table.text("id"),
        table.choice("where", ("whole", "before", "inside", "after")),
        table.texts("needs", ()),
        tuple(_expand(table, "patterns", pattern, words) for pattern in table.texts("patterns")),
        table.number("reach", 160),
        table.texts("contexts", CONTEXTS),
    )
    table.done()
    return guard


def _claim(table: tables.Table, words: dict[str, str], guards: frozenset[str]) -> ClaimRule:
    claim = ClaimRule(
        table.text("id"),
        table.choice("kind", KINDS),
        table.choice("tier", TIERS),
        table.texts("needs"),
        table.texts("also", ()),
        tuple(_expand(table, "patterns", pattern, words) for pattern in table.texts("patterns")),
        table.texts("contexts", CONTEXTS),
        table.texts("ignores", ()),
        table.texts("warns_in", ()),
    )
    for name in claim.ignores:
        if name not in guards:
            raise table.error(f"no guard is called {name!r}", "ignores")
    for name in (*claim.contexts, *claim.warns_in):
        if name not in CONTEXTS:
            raise table.error(f"{name!r} is not one of {', '.join(CONTEXTS)}", "contexts")
    return claim


def _rule(table: tables.Table, name: str, tier: str) -> Rule:
    examples = table.table("examples")
    rule = Rule(
        id=name,
        summary=table.text("summary"),
        severity=Severity.ERROR if tier == "refuse" else Severity.WARNING,
        why=table.text("why"),
        fix=table.text("fix"),
        since=table.text("since"),
        flag=examples.texts("flag"),
        passes=examples.texts("pass"),
        cwe=table.numbers("cwe", ()),
    )
    examples.done()
    return rule
