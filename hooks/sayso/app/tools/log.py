"""``sayso log``: keep, show, verify and export the audit trail.

The trail is append-only, and each entry names the digest of the one before it.
Whoever owns the machine can write the whole of it anew; so a team keeps the digest
that ``sayso log head`` prints elsewhere, and ``verify --head`` looks for it: a trail
that has only grown still has it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Iterator
from typing import TextIO

from sayso.adapters.git import Repository
from sayso.adapters.traillog import TrailFile
from sayso.app import trails
from sayso.app.trails import Check
from sayso.model import SaysoError, UsageError
from sayso.reports import trail as report
from sayso.reports.safe import visible
from sayso.trail import Chain

_MOST_SHOWN = 20
_DIGEST = re.compile("[0-9a-f]{64}")
_TAKES = {"record": ("range",), "show": ("range", "format"), "verify": ("head",), "export": ("output",), "head": ()}
_ACTIONS = {
    "record": "append the commits of RANGE (all of HEAD by default) that the trail does not have yet",
    "show": "print the entries of RANGE or of one COMMIT (all by default)",
    "verify": "recompute the chain, and compare every entry with what git says of its commit",
    "export": "write the whole chain as JSON lines",
    "head": "print the digest of the last entry, to be kept elsewhere",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "action", choices=tuple(_ACTIONS), help="; ".join(f"{name}: {what}" for name, what in _ACTIONS.items())
    )
    parser.add_argument("range", nargs="?", metavar="RANGE", help="A..B, or a revision")
    parser.add_argument("--format", choices=("text", "jsonl"), help="show: text is the default")
    parser.add_argument(
        "--head", metavar="DIGEST", help="verify: a digest that was kept elsewhere, of now or of earlier"
    )
    parser.add_argument("--output", metavar="FILE", help="export: a new file, instead of standard output")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Do what is asked; ``verify`` returns 1 where the trail is broken or says otherwise than git."""
    for name in ("range", "format", "head", "output"):
        if getattr(args, name) is not None and name not in _TAKES[args.action]:
            raise UsageError(f"log {args.action} takes no {'RANGE' if name == 'range' else f'--{name}'}")
    repo = Repository()
    file = TrailFile(repo.common_dir)
    if args.action == "record":
        return _record(repo, args.range or "HEAD", file, out)
    if args.action == "verify":
        return _verify(repo, args.head, file, out)
    if args.action == "show":
        return _show(repo, args, file, out)
    chain = Chain()
    for _ in trails.followed(chain, file, file.lines()):
        pass
    _refuse_torn(file)
    if args.action == "head":
        out.write(f"{chain.head}\n")
    else:
        _export(file, chain.seq, args.output, out)
    return 0


def _record(repo: Repository, asked: str, file: TrailFile, out: TextIO) -> int:
    added, total = trails.record(repo, asked, file)
    if file.set_aside:
        out.write(f"a line that was never finished is now in {visible(file.set_aside)}\n")
    out.write(f"{added} recorded, {total} in the trail\n")
    return 0


def _show(repo: Repository, args: argparse.Namespace, file: TrailFile, out: TextIO) -> int:
    titles = {field.name: field.title for field in trails.fields()}
    for index, entry in enumerate(trails.selected(repo, args.range or "", file)):
        if args.format == "jsonl":
            out.write(json.dumps(entry, sort_keys=True, separators=(",", ":")) + "\n")
        else:
            out.write(("\n" if index else "") + report.render(entry, titles))
    _refuse_torn(file)
    return 0


def _verify(repo: Repository, head: str | None, file: TrailFile, out: TextIO) -> int:
    if head is not None and not _DIGEST.fullmatch(head):
        raise UsageError("log verify: --head takes the 64 digits that sayso log head printed")
    check = trails.verify(repo, file, head or "")
    lines = list(_faults(check, head))
    out.writelines(f"{visible(file.path)}{line}\n" for line in lines[:_MOST_SHOWN])
    if len(lines) > _MOST_SHOWN:
        out.write(f"… and {len(lines) - _MOST_SHOWN} more\n")
    if lines:
        return 1
    out.write(f"{check.entries} entr{'y' if check.entries == 1 else 'ies'}, unbroken, head {check.head}\n")
    if check.kept is not None:
        out.write(f"the digest that was kept is there: {check.entries - check.kept} were added since\n")
    if check.gone:
        some = ", ".join(commit[:12] for commit in check.gone[:3])
        raise SaysoError(f"git no longer has {len(check.gone)} of the commits, so nothing compares them: {some}")
    return 0


def _faults(check: Check, head: str | None) -> Iterator[str]:
    if check.broken:
        yield f":{check.broken.line}: the chain breaks here: {visible(check.broken.reason)}"
    yield from (f":{fault.line}: {visible(fault.reason)}" for fault in check.differing)
    if head is not None and check.kept is None:
        yield f": has no entry {head}: entries were cut off or rewritten since that digest was kept"


def _refuse_torn(file: TrailFile) -> None:
    if file.torn:
        raise SaysoError(
            f"{file.path} ends with {len(file.torn)} bytes of a line that was never finished: "
            "sayso log record sets them aside and goes on"
        )


def _export(file: TrailFile, entries: int, output: str | None, out: TextIO) -> None:
    """Write the ``entries`` lines that have just been followed: the file is only ever appended to."""
    lines = (line.decode("ascii") for line, _ in zip(file.lines(), range(entries), strict=False))
    if output is None:
        out.writelines(f"{line}\n" for line in lines)
        return
    try:
        fd = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with open(fd, "w", encoding="ascii") as copy:
            copy.writelines(f"{line}\n" for line in lines)
            copy.flush()
            os.fsync(fd)
    except OSError as exc:
        raise UsageError(f"cannot write {output}: {exc.strerror}") from exc
