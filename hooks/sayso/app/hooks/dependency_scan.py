"""``dependency-scan``: look up what the manifests of the change pin, or manifests by name."""

from __future__ import annotations

import os

from sayso import manifests
from sayso.app import scope
from sayso.app.context import Context, Options
from sayso.model import CheckResult, Finding, Outcome

HOOK = "dependency-scan"
_WAITS = "not looked up on the way of a commit, which uses no network: dependency-scan does at pre-push"


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return one result."""
    return [examined(context, live=options.online)]


def examined(context: Context, *, live: bool = False, waits: bool = False) -> CheckResult:
    """Return the result; with ``waits``, what cannot be asked on the way of a commit is left to a later stage."""
    files = scope.files(context.repo, context.request, None if context.request.all_files else context.changes)
    missing = tuple(item for item in files.missing if item.blocks or manifests.concerns(item.path))
    if not missing and not any(_may_concern(change.path) for change in files.changes):
        return CheckResult(HOOK, Outcome.NOT_APPLICABLE, notes=files.notes)
    from sayso.app import vulnerable  # noqa: PLC0415 - most changes touch no manifest
    from sayso.app.dependencies import Lookup  # noqa: PLC0415

    lookup = Lookup(context.repo, context.policy.dependencies, online=not committing(context), live=live)
    looked = lookup.examine(files.changes, context.request.to_ref, files.loose, since=context.changes)
    looked = looked._replace(skipped=(*missing, *looked.skipped))
    notes, flagged = list(files.notes), list[Finding]()
    if any(manifests.way_out(item.path) for item in looked.skipped):
        from sayso.app.dependencyproofs import with_reports  # noqa: PLC0415 - most manifests can be read

        looked, flagged, more = with_reports(context, looked, files.changes)
        notes += more
    return vulnerable.report(looked, context.policy, notes, flagged, waits=_WAITS if waits else "")


def concerned(context: Context) -> bool:
    """Tell whether there may be something to look up, without asking git more than it has been asked."""
    request = context.request
    if request.all_files or any(_may_concern(name) or os.path.isdir(name) for name in request.names):
        return True
    return any(_may_concern(change.path) for change in context.changes)


def _may_concern(path: str) -> bool:
    return manifests.concerns(path) or manifests.may_be_included(path)


def committing(context: Context) -> bool:
    """Tell whether a commit waits for us: git names the index to the hooks of a commit, and to no others."""
    return "GIT_INDEX_FILE" in os.environ and not context.request.to_ref
