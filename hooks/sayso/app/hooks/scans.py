"""What the scanning hooks share."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.adapters.ledger import Ledger
from sayso.app import findings, scope
from sayso.app.context import Context
from sayso.app.debt import Debt
from sayso.app.engines import Engine
from sayso.app.scan import Scanner
from sayso.model import CheckResult


def scan(context: Context, engines: Sequence[Engine]) -> list[CheckResult]:
    """Examine the files that were asked for with all ``engines`` at once; return one result for each."""
    files = scope.files(context.repo, context.request, None if context.request.all_files else context.changes)
    scanner = Scanner(context.repo, Ledger(context.repo.common_dir, context.repo.derived))
    debt = Debt(context.repo, context.request)
    return [findings.report(scanner, answers, debt, files.notes) for answers in scanner.examine(engines, files)]
