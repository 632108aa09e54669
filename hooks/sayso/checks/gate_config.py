"""Flag changes to what decides whether the gate runs: configurations of hook runners, workflows, skips in scripts.

Both versions of a file are read and compared, so that reordering, a newer ``rev`` or
a comment is no news. What a policy requires (``gate.required-hooks``,
``gate.minimum-rev``) is asked of every version of the configuration at the top, also
of a new one, and refuses where it fails.

Surprising cases: a deleted file is judged by its name, and by its text where the
snapshot has that. A ``prek.toml`` beside a ``.pre-commit-config.yaml`` takes its place for whoever uses
prek. lefthook, husky and their like are flagged by name alone: they are programs.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sayso import ruletables, tables
from sayso.model import Change, Finding, Rule, Severity, Snapshot
from sayso.settings import Policy

if TYPE_CHECKING:
    from sayso.gatechanges import Found

FILE = "gate.toml"

_CONFIGS = (".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml")
_CONCERNED = re.compile(
    r"(?i)\.pre-commit-config\.ya?ml$|prek\.toml$|(?:^|/)\.git(?:hub|lab|hooks)/|gitlab-ci\.ya?ml$|\.circleci/|pipelines\.ya?ml$"
    r"|\.(?:travis|drone|overcommit)\.yml$|jenkinsfile$|\.buildkite/|(?:make|just)file$|package\.json$|taskfile\.ya?ml$"
    r"|tox\.ini$|\.husky|lefthook|\.(?:ba|z)?sh$"
)


class GateRules(NamedTuple):
    """The rules about configurations, and those that only receipts and ``sayso doctor`` apply."""

    config: dict[str, Rule]
    others: tuple[Rule, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All of them."""
        return (*self.config.values(), *self.others)


def read_rules(table: tables.Table) -> GateRules:
    """Read the rules; raises ``DataError``."""
    found = {section: ruletables.rules(table, section) for section in ("rule", "receipt", "doctor")}
    table.done()
    return GateRules({rule.id: rule for rule in found["rule"]}, (*found["receipt"], *found["doctor"]))


def asks(changes: Sequence[Change]) -> Iterator[str]:
    """Ask for the configurations that stand beside a changed one."""
    for change in changes:
        for path in change.names:
            if posixpath.basename(path) in _CONFIGS:
                folder = posixpath.dirname(path)
                yield from (posixpath.join(folder, name) for name in _CONFIGS)


def concerns(snapshot: Snapshot) -> bool:
    """Tell whether a file of the change could decide whether the gate runs."""
    return any(_CONCERNED.search(name) for change in snapshot.changes for name in change.names)


def check(snapshot: Snapshot, rules: GateRules, policy: Policy) -> Iterator[Finding]:
    """Yield what lets more go by than before, and what falls short of the policy."""
    from sayso.gatechanges import of_change  # noqa: PLC0415 - few changes concern the gate

    for change in snapshot.changes:
        for found in of_change(snapshot, change, policy):
            yield _finding(found, rules)


def _finding(found: Found, rules: GateRules) -> Finding:
    rule = rules.config[found.difference.rule]
    severity = Severity.ERROR if found.refuses else rule.severity
    hook = (("hook", found.difference.hook),) if found.difference.hook else ()
    return Finding(rule.id, found.path, found.line, found.difference.message, severity, (*hook, ("fix", rule.fix)))
