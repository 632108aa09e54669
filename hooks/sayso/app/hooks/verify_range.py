"""``verify-range``: every commit of a range and what it merges to, judged by the policy of the base.

Nothing that the range brings decides about the range: policy, signers and owners are
those of its start. Which hooks ran on the author's machine plays no part, and neither
does ``SKIP``: everything is looked at again.

A push takes the place of what is there and merges nothing: so at pre-push a branch that
was rewritten is judged from where it and its former self parted, and the first push of
all from the beginning of the history.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from sayso.adapters import merging
from sayso.app.context import Context, Options
from sayso.app.rangegate import Asked, verify
from sayso.app.scope import Request
from sayso.model import CheckResult, UsageError
from sayso.reports import gate as report

_REMOTE = "PRE_COMMIT_REMOTE_NAME"
_BEGINNING = "0" * 40


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return the results, the verdict last. In CI no evidence is believed that this run has not derived."""
    del options
    if _REMOTE in os.environ:
        context.request = _pushed(context)
    start, end = context.request.from_ref, context.request.to_ref
    if not end:
        raise UsageError("verify-range judges a range: give --from-ref and --to-ref, or use it at pre-push")
    return verify(context, Asked(start, end, fresh=os.environ.get("CI", "").lower() in {"1", "true"}))


def _pushed(context: Context) -> Request:
    """Return what a runner at pre-push asks for; of a first push it names no beginning, or not even the end."""
    request, repo = context.request, context.repo
    start, end = request.from_ref, request.to_ref or os.environ.get("PRE_COMMIT_LOCAL_BRANCH", "")
    if start.strip("0") and end:
        try:
            start = merging.parted(repo, repo.commit(start), repo.commit(end))
        except UsageError:
            start = ""  # nothing of it was there before
    return request._replace(from_ref=start or _BEGINNING, to_ref=end)


def render(results: Sequence[CheckResult]) -> str:
    """Return the verdict on one screen."""
    return report.render(results, "verify-range")
