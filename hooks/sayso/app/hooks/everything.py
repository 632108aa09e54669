"""``sayso``: everything that belongs before a commit, in one process, in the order in which a person reads it."""

from __future__ import annotations

from sayso.app import claims
from sayso.app.context import Context, Options
from sayso.app.engines import CodeScan, SecretScan
from sayso.app.hooks import secure_claims, sensitive_paths
from sayso.app.hooks.scans import scan
from sayso.model import CheckResult


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return the results of the four hooks; claims come last, when the evidence is there."""
    results = sensitive_paths.run(context, options)
    results += scan(context, [CodeScan(), SecretScan()])
    if context.request.to_ref:
        return results + secure_claims.run(context, options)
    return [*results, secure_claims.on_files(context, claims.load(), runs="sayso")]
