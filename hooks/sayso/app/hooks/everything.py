"""``sayso``: everything that belongs before a commit, in one process, in the order in which a person reads it."""

from __future__ import annotations

from sayso.app import claims, examined, policies, signals
from sayso.app.code_engine import CodeScan
from sayso.app.context import Context, Options
from sayso.app.hooks import dependency_scan, secure_claims, sensitive_paths
from sayso.app.hooks.scans import scan
from sayso.app.secret_engine import SecretScan
from sayso.model import CheckResult
from sayso.registry import SIGNALS


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return the results of the single hooks; claims come last, when the evidence is there.

    Of dependencies nothing is said where no manifest is touched, and nothing is asked on the way of a commit.
    """
    results = sensitive_paths.run(context, options)
    results += [signals.examine(context, hook) for hook in SIGNALS]
    results += scan(context, [CodeScan(), SecretScan()])
    changed = policies.changes(context)
    results += [changed] if changed else []
    if examined.whole(context):
        examined.keep(context, results)
    if dependency_scan.concerned(context):
        waits = dependency_scan.committing(context)
        results.append(dependency_scan.examined(context, live=options.online, waits=waits))
    if context.request.to_ref:
        return results + secure_claims.run(context, options)
    return [*results, secure_claims.on_files(context, claims.load(), runs="sayso")]
