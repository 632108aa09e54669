"""``sayso run``: run tests, types, lint or a licence check, and record what that proved of this tree."""

from __future__ import annotations

import argparse
import glob
import os
import socket
import time
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from stat import S_ISREG
from tempfile import TemporaryDirectory
from typing import NamedTuple, TextIO

from sayso import junit, runs
from sayso.adapters import attended, worktree
from sayso.adapters.git import Repository
from sayso.adapters.runledger import RunLedger
from sayso.app import runrecords
from sayso.evidence import short
from sayso.model import SaysoError, UsageError
from sayso.reports.safe import visible
from sayso.runs import Report, Run

PASSES_ON = True
_SHOWN = 5
_COARSE = 2_000_000_000  # nanoseconds: some file systems count in steps of two seconds
_EXIT = {runs.MET: 0, runs.FAILED: 1}
_JUNIT = "{junit}"
_HOW = (
    "have the runner write JUnit XML where {{junit}} stands in its command: sayso run {kind} -- "
    "pytest --junitxml={{junit}}, or gotestsum --junitfile {{junit}}, go-junit-report -out {{junit}}, jest-junit; "
    "or name the files that it writes: --junit 'target/surefire-reports/TEST-*.xml'"
)


_ASIDE = (
    "to commit only what is staged, put the rest aside before the run, and take it back after the commit "
    "(git stash pop): git stash push --keep-index --include-untracked"
)
_BLIND = "no --junit FILE: without a report the run can count against this tree, and not for it"


class NoEvidenceError(SaysoError):
    """A run that shows nothing, and is not recorded."""


class _Reports(NamedTuple):
    """What the run reported, where that can be read, and which files of a pattern an earlier run left there."""

    tests: Report | None
    old: tuple[str, ...] = ()


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.usage = "sayso run KIND [--junit FILE …] [--timeout SECONDS] -- COMMAND ARG …"
    parser.epilog = "{junit} in the command stands for a temporary file that is read as the report."
    parser.add_argument("kind", metavar="KIND", help=", ".join(runs.KINDS))
    parser.add_argument(
        "--junit", nargs="+", action="extend", default=[], metavar="FILE", help="JUnit XML that the command writes"
    )
    parser.add_argument("--timeout", type=float, default=0.0, metavar="SECONDS", help="end the command after this long")
    parser.add_argument(
        "--forget", action="store_true", help="run nothing: forget what this COMMAND showed of this tree"
    )


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Run the command; return 0 if the record is good evidence, 1 if the command failed, 3 if it shows nothing."""
    kind, argv = _kind(args.kind), _command(args.passed_on)
    if not 0 <= args.timeout < float("inf"):
        raise UsageError("--timeout: expected a number of seconds")
    with TemporaryDirectory(prefix="sayso-") as folder:
        return _run(args, kind, argv, os.path.join(folder, "report.xml"), out)


def _run(args: argparse.Namespace, kind: str, argv: tuple[str, ...], spare: str, out: TextIO) -> int:
    """Run the command, with ``spare`` for the report if the command asks for a place; the record keeps the words."""
    words = tuple(word.replace(_JUNIT, spare) for word in argv)
    if words != argv:
        args.junit.append(spare)
    repo = Repository()
    ledger = RunLedger(repo.common_dir)
    aside = runrecords.folder_at(repo, "HEAD" if repo.head() else "")
    before = worktree.state(repo, aside)
    if args.forget:
        return _forget(ledger, Run(kind, argv, before.tree, 0, repo.prefix), out)
    unstaged = _unstaged(repo, before, aside)
    blind = kind.startswith("tests:") and not args.junit
    _say(out, f"{kind} on tree {before.tree[:12]}", unstaged, _BLIND if blind else "")
    reports = {name: _signatures(name) for name in args.junit}
    started, clock = time.time_ns(), time.monotonic()
    code = attended.run(words, args.timeout)
    seconds = time.monotonic() - clock
    _same(before, worktree.state(repo, aside), argv, code)
    if _pytest_ran_nothing(argv, code):
        raise NoEvidenceError(
            f"{argv[0]} ended with {code}: no test was found, or the command was wrong: nothing is recorded"
        )
    report = _report(reports, started, failed=code != 0, out=out)
    record = Run(kind, argv, before.tree, code, repo.prefix, report.tests)
    beside = {
        "host": socket.gethostname(),
        "reports": [name for name in args.junit if name != spare],
        "seconds": round(seconds, 3),
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started / 1e9)),
    }
    _keep(ledger, record, beside)
    if report.old:
        _say(out, f"left out, because this run did not write them: {_some(report.old)}")
    return _conclude(record, seconds, unstaged, out)


def _pytest_ran_nothing(argv: Sequence[str], code: int) -> bool:
    """Tell by pytest's own exit codes whether it ran no test: 4 is a wrong command, 5 is that none was collected."""
    named = any(os.path.basename(word) in {"pytest", "py.test"} for word in argv[:4])
    return named and code in {4, 5}


def _kind(given: str) -> str:
    if given in runs.KINDS:
        return given
    near = get_close_matches(given, runs.KINDS, 1) or [kind for kind in runs.KINDS if given and given in kind][:1]
    hint = f", did you mean {near[0]!r}?" if near else ""
    raise UsageError(f"{given!r} is not one of {', '.join(runs.KINDS)}{hint}")


def _command(words: Sequence[str]) -> tuple[str, ...]:
    if words and words[0] != "--":
        raise UsageError(f"sayso run: {words[0]!r} is not known here: the command stands after --")
    if len(words) < 2 or not words[1]:  # noqa: PLR2004 - the -- and a command
        raise UsageError("sayso run: there is no command: sayso run KIND -- COMMAND ARG …")
    return tuple(words[1:])


def _forget(ledger: RunLedger, run: Run, out: TextIO) -> int:
    if not ledger.forget(run):
        raise UsageError(f"there is no record of `{run.command}` for {run.kind} on tree {run.tree[:12]}")
    _say(out, f"forgotten: `{run.command}` for {run.kind} on tree {run.tree[:12]}")
    return 0


def _unstaged(repo: Repository, state: worktree.State, aside: str) -> str:
    """Say what of the work tree would not be in a commit of the index; "" if nothing."""
    paths = worktree.differences(state, worktree.State("", worktree.staged(repo, aside)))
    if not paths:
        return ""
    return (
        f"this is the work tree as a whole, with changes that are not staged ({_some(paths)}): "
        "the record counts for a commit of all of them"
    )


def _same(before: worktree.State, after: worktree.State, argv: Sequence[str], code: int) -> None:
    """Refuse a run during which the content changed: nobody can say which of the two it ran on."""
    if before.tree == after.tree:
        return
    paths = worktree.differences(before, after)
    raise NoEvidenceError(
        f"{argv[0]} ended with {code}, and the work tree is not what it was before: {_some(paths)}: "
        "nothing is recorded; add what the command writes to .gitignore, or commit what it repaired, and run it again"
    )


Signatures = Mapping[str, tuple[int, ...]]


def _signatures(name: str) -> Signatures:
    """Return what tells the files of a name or pattern from later ones."""
    found = {}
    for path in _matching(name):
        try:
            state = os.lstat(path)
        except OSError:
            continue
        found[path] = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
    return found


def _matching(name: str) -> list[str]:
    if glob.has_magic(name) and not os.path.lexists(name):
        return sorted(glob.glob(name, recursive=True))
    return [name]


def _report(asked: Mapping[str, Signatures], started: int, *, failed: bool, out: TextIO) -> _Reports:
    """Read the reports; where the command failed anyway, one that cannot be read is no more than noted.

    Raises:
        NoEvidenceError: a report is missing, from an earlier run, or not to be relied on.
    """
    if not asked:
        return _Reports(None)
    try:
        return _read(asked, started)
    except SaysoError as exc:
        if not failed:
            raise NoEvidenceError(f"{exc}: nothing is recorded") from exc
        _say(out, str(exc))
        return _Reports(None)


def _read(asked: Mapping[str, Signatures], started: int) -> _Reports:
    found: list[Report] = []
    old: list[str] = []
    for name, before in asked.items():
        now = _signatures(name)
        fresh = [path for path in now if now[path] != before.get(path) and now[path][3] >= started - _COARSE]
        stale = [path for path in now if path not in fresh]
        if not fresh:
            reason = "is from before this run" if stale else "is not there: the command did not write it"
            raise NoEvidenceError(f"{name} {reason}")
        old += stale
        found += [junit.read(_bytes(path), path) for path in fresh]
    return _Reports(junit.merged(found), tuple(old))


def _bytes(path: str) -> bytes:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with open(fd, "rb") as file:
            if not S_ISREG(os.fstat(fd).st_mode):
                raise NoEvidenceError(f"{path} is no regular file")
            return file.read(junit.MOST_BYTES + 1)
    except OSError as exc:
        link = ": it is a symbolic link" if os.path.islink(path) else ""
        raise NoEvidenceError(f"cannot read {path}: {exc.strerror}{link}") from exc


def _keep(ledger: RunLedger, record: Run, beside: Mapping[str, object]) -> None:
    """Keep a record, unless it says less than what the same command has shown of this tree before."""
    if runs.standing(record) == runs.MISSING:
        known = [run for run in ledger.of_tree(record.tree) if run.key == record.key]
        if any(runs.standing(run) == runs.MET for run in known):
            return
    ledger.put(record, beside)


def _conclude(record: Run, seconds: float, unstaged: str, out: TextIO) -> int:
    standing = runs.standing(record)
    _say(out, f"{record.kind}: {runs.describe(record)}, in {seconds:.1f} s")
    if standing == runs.MISSING:
        raise NoEvidenceError(f"{runs.shortcoming(record)}: {_HOW.format(kind=record.kind)}")
    verdict = "counts for" if standing == runs.MET else "counts against"
    aside = _ASIDE if unstaged and standing == runs.MET else ""
    _say(out, f"evidence {short(record.id)} {verdict} tree {record.tree[:12]}", unstaged, aside)
    return _EXIT[standing]


def _say(out: TextIO, *lines: str) -> None:
    """Print, at once: the command's own output goes where ours goes."""
    out.writelines(f"sayso: {visible(line)}\n" for line in lines if line)
    out.flush()


def _some(paths: Sequence[str]) -> str:
    return ", ".join(paths[:_SHOWN]) + (f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else "")
