"""Every rule there is, from every rules file, by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sayso.adapters import resources
from sayso.app.context import rules_text
from sayso.app.engines import CodeScan, SecretScan
from sayso.checks import ai_authorship, secure_claims, sensitive_paths
from sayso.languages import parse
from sayso.model import Rule


class Entry(NamedTuple):
    """A rule and the hook that applies it."""

    hook: str
    rule: Rule


def rules() -> Mapping[str, Entry]:
    """Return all rules by id, hook by hook."""
    return {entry.rule.id: entry for entry in _all()}


def _all() -> Iterator[Entry]:
    code = CodeScan()
    sets = parse(resources.read_text("languages.toml"), "rules/languages.toml").rule_sets
    for name in sets:
        yield from (Entry("code-scan", rule) for rule in code.rules(name).values())
    yield from (Entry("secret-scan", rule) for rule in SecretScan().rules().values())
    areas = sensitive_paths.parse_rules(*rules_text("sensitive_areas.toml"))
    yield from (Entry("sensitive-paths", rule) for rule in areas.rules)
    authors = ai_authorship.parse_rules(*rules_text("ai_authors.toml"))
    yield from (Entry("ai-authorship", rule) for rule in authors.rules)
    claims = secure_claims.parse_rules(*rules_text("claims.toml"))
    yield from (Entry("secure-claims", rule) for rule in claims.rules)
