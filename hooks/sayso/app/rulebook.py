"""Every rule there is, from every rules file, by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sayso import duties, gate, ruletables
from sayso.adapters.resources import read_table
from sayso.app import debt, reviews, signals
from sayso.app.code_engine import CodeScan
from sayso.app.scanruns import known_languages
from sayso.app.secret_engine import SecretScan
from sayso.checks import ai_authorship, policy_changes, secure_claims, sensitive_paths
from sayso.model import Rule
from sayso.registry import SIGNALS

ADVISORY = "vulnerable-dependency"


class Entry(NamedTuple):
    """A rule and the hook that applies it."""

    hook: str
    rule: Rule


def rules() -> Mapping[str, Entry]:
    """Return all rules by id, hook by hook."""
    return {entry.rule.id: entry for entry in _all()}


def _all() -> Iterator[Entry]:
    code = CodeScan()
    for name in known_languages().rule_sets:
        yield from (Entry("code-scan", rule) for rule in code.rules(name).values())
    yield from (Entry("secret-scan", rule) for rule in SecretScan().rules().values())
    yield Entry("dependency-scan", _advisory())
    yield from (Entry("baseline", rule) for rule in debt.rules().values())
    areas = sensitive_paths.read_rules(read_table("sensitive_areas.toml"))
    yield from (Entry("sensitive-paths", rule) for rule in areas.rules)
    for hook in SIGNALS:
        yield from (Entry(hook, rule) for rule in signals.rules(hook))
    yield from (Entry("commit-gate", rule) for rule in gate.read_rules(read_table(gate.FILE)).values())
    yield from (Entry("commit-gate", rule) for rule in duties.read_rules(read_table(duties.FILE)).examples)
    yield from (Entry("commit-gate", rule) for rule in policy_changes.read_rules(read_table(policy_changes.FILE)))
    yield from (Entry("commit-gate", rule) for rule in reviews.rules().values())
    authors = ai_authorship.read_rules(read_table("ai_authors.toml"))
    yield from (Entry("ai-authorship", rule) for rule in authors.rules)
    claims = secure_claims.read_rules(read_table("claims.toml"))
    yield from (Entry("secure-claims", rule) for rule in claims.rules)


def _advisory() -> Rule:
    """Return the one rule that stands for the findings of dependency-scan, each of which has an id of its own."""
    file = read_table("dependencies.toml")
    entry = file.table("rule")
    file.done()
    rule = ruletables.rule(entry)
    entry.done()
    return rule
