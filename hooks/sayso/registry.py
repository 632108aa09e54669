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
    "ai-authorship": Hook("marks of coding tools are flagged", "ai_authorship", ("commit-msg",), takes_message=True),
    "secure-claims": Hook(
        "a commit that vouches for its own security needs evidence",
        "secure_claims",
        ("commit-msg", "pre-commit", "pre-push", "manual"),
        takes_message=True,
    ),
}


class Tool(NamedTuple):
    """A command that is no hook; its module in ``sayso.app.tools`` has ``arguments(parser)`` and ``run(args, out)``."""

    summary: str
    module: str


TOOLS: Final[Mapping[str, Tool]] = {
    "history": Tool("what the hooks would have said of existing commits", "history"),
    "evidence": Tool("show the evidence that is kept, or derive it again and compare", "evidence"),
    "import": Tool("take in the reports of other tools as evidence, after strict validation", "import_"),
    "baseline": Tool("write the findings that stand as existing debt, so that only new ones refuse", "baseline"),
    "explain": Tool("what a rule finds, why it matters, and how to fix it", "explain"),
    "rules": Tool("list every rule", "rules"),
}
