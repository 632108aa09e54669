"""``ai-authorship``: flag the marks of coding tools in the commit in the making."""

from __future__ import annotations

import os

from sayso.adapters.resources import read_table
from sayso.app import message
from sayso.app.context import Context, Options
from sayso.checks import ai_authorship
from sayso.checks.ai_authorship import AuthorRules, Marker
from sayso.message import parse_trailers
from sayso.model import CheckResult, Outcome, Severity

HOOK = "ai-authorship"


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return one result for the message that the command line names."""

    def judge(draft: message.Draft) -> list[CheckResult]:
        rules = load()
        return [judged(context, options, draft.text, markers(draft, rules), rules)]

    return message.judged(context, options.message or message.default_path(context.repo), judge)


def load() -> AuthorRules:
    """Read the rules."""
    return ai_authorship.read_rules(read_table("ai_authors.toml"))


def markers(draft: message.Draft, rules: AuthorRules) -> list[Marker]:
    """Return the markers of message, author, committer and environment."""
    author, committer = ai_authorship.identity(draft.author), ai_authorship.identity(draft.committer)
    return ai_authorship.find_markers(draft.text, author, committer, rules, os.environ)


def judged(context: Context, options: Options, text: str, found: list[Marker], rules: AuthorRules) -> CheckResult:
    """Return the result by the policy in force."""
    policy = options.authorship or context.policy.authorship
    accepted = options.accepted or context.policy.accepted
    findings = tuple(ai_authorship.judge(found, parse_trailers(text), policy, accepted, rules))
    shown = any(finding.severity is not Severity.NOTE for finding in findings)
    notes = () if found else ("no marker of a coding tool",)
    return CheckResult(HOOK, Outcome.FOUND if shown or found else Outcome.CLEAR, findings, 1, notes=notes)
