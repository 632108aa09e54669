"""``sayso checklist``: the questions that a reviewer asks of a change, answered where that can be done.

Nothing is scanned for it: what scans have found is taken from the ledger, and where
there is nothing the answer is "unclear".
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from typing import TextIO

from sayso import questions, testmap
from sayso.adapters.git import is_file
from sayso.adapters.ledger import Ledger
from sayso.adapters.resources import read_table
from sayso.adapters.runledger import RunLedger
from sayso.app import findings, runrecords, signals
from sayso.app.code_engine import CodeScan
from sayso.app.context import Context
from sayso.app.debt import Debt
from sayso.app.hooks import dependency_scan, sensitive_paths
from sayso.app.scan import Scanner
from sayso.app.scope import Request, Scope
from sayso.app.secret_engine import SecretScan
from sayso.facts import Answer, Known, OfTests
from sayso.lines import decode
from sayso.message import comment_string
from sayso.model import CheckResult, Severity, UsageError
from sayso.registry import SIGNALS
from sayso.reports import checklist
from sayso.runs import FAILED, MET, standing

FILE = "checklist.toml"
_MOST_MESSAGE = 1 << 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("range", nargs="?", default="", metavar="A..B", help="the range; what is staged by default")
    parser.add_argument("--format", choices=("markdown", "comment", "json"), default="markdown")
    parser.add_argument(
        "--append",
        metavar="FILE",
        default="",
        help="add the answers as a comment to the message in FILE, if an editor will show it: for prepare-commit-msg",
    )


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Print the answers; always 0, because a checklist refuses nothing."""
    start, dots, end = args.range.partition("..")
    if args.range and (not dots or not start or not end or end.startswith(".")):
        raise UsageError("checklist: give a range, such as origin/main..HEAD, or nothing for what is staged")
    context = Context(Request(from_ref=start, to_ref=end))
    if args.append:
        if os.environ.get("GIT_EDITOR") != ":":  # git says so where nobody will see a comment, and would keep it
            _append(context, args.append)
        return 0
    answers = answered(context)
    title = f"Checklist for {args.range or 'what is staged'}"
    if args.format == "json":
        out.write(json.dumps({"version": 1, "answers": [_document(answer) for answer in answers]}) + "\n")
    elif args.format == "comment":
        out.write(checklist.comment_block(answers))
    else:
        out.write(checklist.markdown(answers, title))
    return 0


def answered(context: Context) -> tuple[Answer, ...]:
    """Answer the questions about the change."""
    rules = questions.read(read_table(FILE))
    known = Known(
        snapshot=context.addition.snapshot,
        flags=sensitive_paths.judged(context.flags, Severity.WARNING, len(context.changes)).findings,
        signals=tuple(signals.examine(context, hook) for hook in SIGNALS),
        scans=tuple(_scans(context)),
        tests=tuple(_tests(context)),
        ai=context.announced,
    )
    return questions.answers(known, rules)


def _scans(context: Context) -> Iterator[CheckResult]:
    scanner = Scanner(context.repo, Ledger(context.repo.common_dir))
    files = tuple(filter(is_file, context.changes))
    debt = Debt(context.repo, context.request, whole=False)
    for answers in scanner.examine([CodeScan(), SecretScan()], Scope(files), scan=False):
        yield findings.report(scanner, answers, debt)
    if dependency_scan.concerned(context):
        yield dependency_scan.examined(context, waits=True)


def _tests(context: Context) -> Iterator[OfTests]:
    rules = testmap.read_rules(read_table(testmap.FILE))
    paths = [change.path for change in context.changes if is_file(change)]
    for path in paths:
        if testmap.is_test(path, rules):
            kind = "e2e" if testmap.is_e2e(path, rules) else "unit"
            yield OfTests(kind, "changed", "changed with the code", path)
    for item in testmap.untested(paths, context.policy.tests, rules, context.addition.snapshot.texts):
        yield OfTests("unit", "missing", f"no test of it changed: {' or '.join(item.globs[:2])}", item.path)
    if not context.tree:
        return
    content = runrecords.bare(context.repo, context.tree, context.policy.review.approvals)
    for run_ in RunLedger(context.repo.common_dir).of_tree(content):
        family, _, kind = run_.kind.partition(":")
        status = {MET: "passed", FAILED: "failed"}.get(standing(run_))
        if family == "tests" and status:
            yield OfTests(kind, status, run_.command)


def _append(context: Context, path: str) -> None:
    try:
        with open(path, "rb") as file:
            text = decode(file.read(_MOST_MESSAGE)).text or ""
        settings = context.repo.variables()
        comment = comment_string(settings.get("core.commentstring") or settings.get("core.commentchar"), text)
        with open(path, "a", encoding="utf-8", errors="surrogateescape") as file:
            file.write(checklist.comment_block(answered(context), comment))
    except OSError as exc:
        raise UsageError(f"cannot add to the commit message {path}: {exc.strerror}") from exc


def _document(answer: Answer) -> dict[str, object]:
    places = [place._asdict() for place in answer.places]
    return {**answer._asdict(), "places": places}
