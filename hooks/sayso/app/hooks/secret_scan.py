"""``secret-scan``: detect-secrets over the files of the change, or over files by name."""

from __future__ import annotations

from sayso.app.context import Context, Options
from sayso.app.hooks.scans import scan
from sayso.app.secret_engine import SecretScan
from sayso.model import CheckResult


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return one result."""
    del options
    return scan(context, [SecretScan()])
