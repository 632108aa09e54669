"""``sayso``: everything that belongs before a commit, in one process, in the order in which a person reads it."""

from __future__ import annotations

from sayso import gitcommit
from sayso.adapters.git import is_file
from sayso.adapters.ledger import Ledger
from sayso.app import claims, examined, message, policies, signals
from sayso.app.code_engine import CodeScan
from sayso.app.context import Context, Options
from sayso.app.hooks import dependency_scan, secure_claims, sensitive_paths
from sayso.app.hooks.scans import scan
from sayso.app.scan import Scanner
from sayso.app.scope import Scope
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
    _examine_amended(context)
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


def _examine_amended(context: Context) -> None:
    """Keep evidence of the rest of a commit that is being amended: the gate at the message judges it as a whole.

    It may come from elsewhere, or from a cherry-pick or rebase, for which git runs no hook.
    """
    if context.request.to_ref or context.request.all_files or not gitcommit.amends(message.calling() or ()):
        return
    scanner = Scanner(context.repo, Ledger(context.repo.common_dir, context.repo.derived))
    scanner.examine([CodeScan(), SecretScan()], Scope(tuple(filter(is_file, context.repo.staged(amended=True)))))
