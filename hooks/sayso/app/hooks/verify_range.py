"""``verify-range``: every commit of a range and what it merges to, judged by the policy of the base.

Nothing that the range brings decides about the range: policy, signers and owners are
those of its start. Which hooks ran on the author's machine plays no part, and neither
does ``SKIP``: everything is looked at again.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from sayso.app.context import Context, Options
from sayso.app.rangegate import Asked, verify
from sayso.model import CheckResult, UsageError
from sayso.reports import gate as report


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return the results, the verdict last. In CI no evidence is believed that this run has not derived."""
    del options
    start, end = context.request.from_ref, context.request.to_ref
    if not end:
        raise UsageError("verify-range judges a range: give --from-ref and --to-ref, or use it at pre-push")
    return verify(context, Asked(start, end, fresh=os.environ.get("CI", "").lower() in {"1", "true"}))


def render(results: Sequence[CheckResult]) -> str:
    """Return the verdict on one screen."""
    return report.render(results, "verify-range")
