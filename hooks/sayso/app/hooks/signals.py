"""The hooks that are one check each: what in a change raises its risk."""

from __future__ import annotations

from sayso.app import signals
from sayso.app.context import Context, Options
from sayso.model import CheckResult


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return the result of the check behind ``options.hook``."""
    return [signals.examine(context, options.hook)]
