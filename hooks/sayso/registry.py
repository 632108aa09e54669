"""The table of contents: every hook id, the command behind it, when it runs, and the module that does it.

Modules are named, not imported: a light hook must not pay for a scanner.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Hook(NamedTuple):
    """A hook: ``module`` is in ``sayso.app.hooks`` and has ``run(context, options)``."""

    summary: str
    module: str
    stages: tuple[str, ...]
    takes_message: bool = False


_SCANS = ("pre-commit", "pre-push", "manual")

HOOKS: Final[Mapping[str, Hook]] = {
    "sayso": Hook("everything below that belongs before a commit, in one process", "everything", _SCANS),
    "sayso-message": Hook(
        "everything below that belongs to the message, in one process",
        "everything_message",
        ("commit-msg",),
        takes_message=True,
    ),
    "code-scan": Hook("semgrep finds insecure code in what is staged", "code_scan", _SCANS),
    "secret-scan": Hook("detect-secrets finds credentials in what is staged", "secret_scan", _SCANS),
    "dependency-scan": Hook(
        "pip-audit finds dependencies with known vulnerabilities", "dependency_scan", ("pre-push", "manual")
    ),
    "sensitive-paths": Hook(
        "edits to sensitive areas are flagged", "sensitive_paths", ("pre-commit", "pre-push", "manual")
    ),
    "supply-chain": Hook("new dependencies, loosened pins and remote code are flagged", "signals", _SCANS),
    "agent-permissions": Hook("what widens the rights of coding agents and workflows is flagged", "signals", _SCANS),
    "hidden-text": Hook(
        "characters that hide text, and instructions hidden from readers, are flagged", "signals", _SCANS
    ),
    "suppressions": Hook("comments and settings that silence a scanner are flagged", "signals", _SCANS),
    "change-size": Hook("changes too large to review line by line are flagged", "signals", _SCANS),
    "gate-config": Hook("what loosens the configuration of the hooks themselves is flagged", "signals", _SCANS),
    "ai-authorship": Hook("marks of coding tools are flagged", "ai_authorship", ("commit-msg",), takes_message=True),
    "secure-claims": Hook(
        "a commit that vouches for its own security needs evidence",
        "secure_claims",
        ("commit-msg", "pre-commit", "pre-push", "manual"),
        takes_message=True,
    ),
    "commit-gate": Hook(
        "what a commit touches and claims, what it owes for that, and what is there, as one verdict",
        "commit_gate",
        ("commit-msg",),
        takes_message=True,
    ),
    "verify-range": Hook(
        "every commit of a range and what it merges to, judged by the policy of the base",
        "verify_range",
        ("pre-push", "manual"),
    ),
    "receipt": Hook(
        "a commit whose content no hook has examined is noticed",
        "receipt",
        ("prepare-commit-msg", "post-commit"),
        takes_message=True,
    ),
}

SIGNALS: Final[Mapping[str, str]] = {
    "supply-chain": "supply_chain",
    "agent-permissions": "agent_permissions",
    "hidden-text": "hidden_text",
    "suppressions": "suppressions",
    "change-size": "change_size",
    "gate-config": "gate_config",
}
"""The hooks that are one check each, by the name of its module in ``sayso.checks``."""


class Tool(NamedTuple):
    """A command that is no hook; its module in ``sayso.app.tools`` has ``arguments(parser)`` and ``run(args, out)``."""

    summary: str
    module: str


TOOLS: Final[Mapping[str, Tool]] = {
    "history": Tool("what the hooks would have said of existing commits", "history"),
    "evidence": Tool("show the evidence that is kept, or derive it again and compare", "evidence"),
    "import": Tool("take in the reports of other tools as evidence, after strict validation", "import_"),
    "baseline": Tool("write the findings that stand as existing debt, so that only new ones refuse", "baseline"),
    "run": Tool("run tests, types, lint or a licence check, and record what that proved of this tree", "run"),
    "approve": Tool("sign that you have reviewed these files, byte for byte", "approve"),
    "verify": Tool("judge every commit of a range and what it merges to, by the policy of its base", "verify"),
    "checklist": Tool("the questions that a reviewer asks of a change, answered where that can be done", "checklist"),
    "config": Tool("show the policy in force, and where each key comes from", "config"),
    "policy": Tool("run a team's own examples against its policy", "policy"),
    "doctor": Tool("find what goes round the gate: settings, hooks not installed, paths without an owner", "doctor"),
    "log": Tool("the audit trail: what was asked, done, examined and approved, commit by commit", "log"),
    "explain": Tool("what a rule finds, why it matters, and how to fix it", "explain"),
    "rules": Tool("list every rule", "rules"),
}
