"""``sayso baseline``: write the findings that stand as existing debt, so that only new ones refuse."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TextIO

from sayso import baseline
from sayso.adapters.git import Repository
from sayso.adapters.ledger import Ledger
from sayso.app import findings, scope
from sayso.app.code_engine import CodeScan
from sayso.app.debt import Debt
from sayso.app.engines import Engine
from sayso.app.scan import Scanner
from sayso.app.secret_engine import SecretScan
from sayso.baseline import Entry, Seen
from sayso.model import SaysoError, UsageError

_MOST_SHOWN = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--reason", default="", help="why findings that are not in the baseline yet are accepted")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Examine every tracked file as staged and write the file; return 1 if findings had to be left out."""
    reason = " ".join(args.reason.split())
    if args.reason and not reason:
        raise UsageError("--reason is empty")
    repo = Repository()
    request = scope.Request(all_files=True)
    debt = Debt(repo, request)
    first = repo.file(f":{baseline.FILE}") is None
    found = _found(repo, request)
    kept: list[Entry] = []
    added: list[Entry] = []
    taken = baseline.assign(debt.entries, found, debt.gone)
    for number, item in enumerate(found):
        old = debt.entries[taken[number]] if number in taken else None
        (kept if old else added).append(Entry(*item[:4], old.reason if old else reason))
    refused = [] if first or reason else added
    entries = kept + [entry for entry in added if entry not in refused]
    _write(os.path.join(repo.top, baseline.FILE), baseline.render(entries))
    dropped = len(debt.entries) - len(taken)
    out.write(f"{baseline.FILE}: {len(kept)} kept, {len(entries) - len(kept)} added, {dropped} dropped\n")
    out.writelines(f"  not added: {entry.rule} in {entry.path}\n" for entry in refused[:_MOST_SHOWN])
    if refused:
        out.write('  repair what is new, or accept it with `sayso baseline --reason "…"`\n')
    if len(entries) - len(kept) or dropped:
        out.write(f"  now: git add {baseline.FILE}\n")
    return 1 if refused else 0


def _found(repo: Repository, request: scope.Request) -> list[Seen]:
    """Return all standing findings of all files.

    Raises:
        SaysoError: a file could not be examined, so that the list would not be whole.
    """
    scanner = Scanner(repo, Ledger(repo.common_dir))
    engines: Sequence[Engine] = (CodeScan(), SecretScan())
    found: list[Seen] = []
    for answers in scanner.examine(engines, scope.files(repo, request)):
        gaps = [skipped for skipped in answers.skipped if skipped.blocks]
        if gaps:
            raise SaysoError(f"{gaps[0].path}: not examined: {gaps[0].reason}: a baseline has to know every file")
        found += findings.standing(scanner, answers)
    return found


def _write(path: str, text: str) -> None:
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(beside, "x", encoding="ascii", errors="strict") as file:
            file.write(text)
        os.replace(beside, path)
    except OSError as exc:
        if os.path.lexists(beside):
            os.unlink(beside)
        raise SaysoError(f"cannot write {path}: {exc.strerror}") from exc
