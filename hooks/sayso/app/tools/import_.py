"""``sayso import``: other tools' reports become evidence, after strict validation.

SARIF 2.1.0 from any scanner, and the JSON of pip-audit, osv-scanner and npm audit.
Nothing is kept of a report that is refused, nor of those beside it.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO

from sayso import jsondoc
from sayso.adapters.git import Repository
from sayso.app import imports
from sayso.app.imports import Binder, Imported
from sayso.evidence import short
from sayso.imports import reader
from sayso.imports.reader import Stated
from sayso.imports.report import File, Report
from sayso.imports.uris import Roots
from sayso.importtools import Tools
from sayso.model import Change, UsageError
from sayso.reports.safe import visible

_SHOWN = 20
_NAMED = 3
_NPM_FILES = ("npm-shrinkwrap.json", "package-lock.json")
_MOST_LIST = 16 << 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", nargs="+", metavar="FILE", help="a report, or - for standard input")
    parser.add_argument("--rev", default="", help="the revision that the tool examined; what is staged by default")
    parser.add_argument("--root", default="", metavar="DIR", help="where the repository lay where the tool ran")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    stated = parser.add_argument_group(
        "what you vouch for where a report is silent; it is kept and shown with the evidence"
    )
    stated.add_argument("--examined", action="append", default=[], metavar="PATH", help="a file that the tool examined")
    stated.add_argument(
        "--examined-from", metavar="FILE", help="a list of such files, one a line or ended by zero bytes"
    )
    stated.add_argument("--rules-from", metavar="FILE", help="a list of the rules that the tool ran, one a line")
    stated.add_argument("--succeeded", action="store_true", help="the tool ended well")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Import all reports or none; what they found does not matter here, and is never an error."""
    gc.disable()  # millions of small objects live until the end, and looking through them again would cost most
    inputs = [*args.file, *filter(None, (args.examined_from, args.rules_from))]
    if inputs.count("-") > 1:
        raise UsageError("import: standard input can be given once")
    repo = Repository()
    if repo.bare and not args.rev:
        raise UsageError("import: a bare repository has no index: give --rev")
    revision = repo.commit(args.rev) if args.rev else ""
    binder = Binder(repo, revision)
    tools = imports.known_tools()
    stated = _stated(args, repo, binder.tree(revision))
    roots = Roots(tuple(dict.fromkeys((repo.top, os.path.realpath(repo.top), *_elsewhere(args.root)))), repo.prefix)
    bound: list[tuple[Report, tuple[str, ...], float]] = []
    for name in args.file:
        data, written = _read(name, jsondoc.MOST_BYTES)
        document = jsondoc.read(data, "standard input" if name == "-" else name)
        read = reader.read(document, roots, imports.habits(tools))
        reports = read if stated.files else [_of_here(report, binder.tree(revision), repo.prefix) for report in read]
        bound += [(*reader.complete(report, stated), written) for report in reports]
    done = imports.keep(repo, bound, binder)
    for item in done:
        left = binder.uncovered(item, tools)
        out.write(json.dumps(_shown(item, left)) + "\n" if args.format == "json" else _said(item, left, tools))
    return 0


def _of_here(report: Report, tree: Mapping[str, Change], prefix: str) -> Report:
    """Give npm's report, which names no file, the lock file of the directory that npm was run in: this one."""
    here = [f"{prefix}{name}" for name in _NPM_FILES if f"{prefix}{name}" in tree]
    if not report.total or not here:
        return report
    return report._replace(files={here[0]: File()}, silent=report.silent - {"files"})


def _stated(args: argparse.Namespace, repo: Repository, tree: Mapping[str, Change]) -> Stated:
    names = [*args.examined, *(_lines(args.examined_from) if args.examined_from else ())]
    paths = [repo.path_of(name) for name in names]
    for name, path in zip(names, paths, strict=True):
        if path not in tree:
            folder = any(item.startswith(f"{path}/") for item in tree)
            hint = "is a folder: name its files, as in git ls-files | sayso import … --examined-from -"
            raise UsageError(f"import: --examined: {name} {hint if folder else 'is no file that git has here'}")
    rules = [line.strip() for line in _lines(args.rules_from)] if args.rules_from else []
    return Stated(tuple(paths), tuple(filter(None, rules)), args.succeeded)


def _elsewhere(root: str) -> tuple[str, ...]:
    if not root:
        return ()
    path = root.removeprefix("file://").replace("\\", "/").rstrip("/")
    return (path if path.startswith("/") else f"/{path}",)


def _lines(name: str) -> list[str]:
    data = _read(name, _MOST_LIST)[0]
    if len(data) > _MOST_LIST:
        raise UsageError(f"import: {name} is too large for a list")
    text = data.decode("utf-8", "surrogateescape")
    return list(filter(None, text.split("\0") if "\0" in text else text.splitlines()))


def _read(name: str, limit: int) -> tuple[bytes, float]:
    """Return up to ``limit`` bytes and one more, and when they were written, if they come from a file."""
    if name == "-":
        return sys.stdin.buffer.read(limit + 1), 0.0
    try:
        with open(name, "rb") as file:
            state = os.fstat(file.fileno())
            return file.read(limit + 1), state.st_mtime if stat.S_ISREG(state.st_mode) else 0.0
    except OSError as exc:
        raise UsageError(f"import: cannot read {name}: {exc.strerror}") from exc


def _shown(item: Imported, left: Sequence[str]) -> dict[str, Any]:
    return {
        "version": 1,
        "tools": item.tools,
        "tool_version": item.report.version,
        "format": item.report.format,
        "revision": item.revision,
        "rules": len(item.report.rules),
        "stated": item.stated,
        "evidence": [
            {
                "path": path,
                "id": record.id,
                "outcome": record.outcome,
                "findings": [spot._asdict() for spot in record.spots],
            }
            for path, record in item.records.items()
        ],
        "not_examined": dict(item.report.unread),
        "untracked": item.untracked,
        "not_covered": left,
    }


def _said(item: Imported, left: Sequence[str], tools: Tools) -> str:
    return "".join(f"{visible(line)}\n" for line in _text(item, left, tools))


def _text(item: Imported, left: Sequence[str], tools: Tools) -> Iterator[str]:
    report = item.report
    levels = Counter(result.level for result in report.results)
    counts = ", ".join(f"{levels[level]} {level}" for level in ("error", "warning", "note", "none") if levels[level])
    suppressed = sum(result.suppressed for result in report.results)
    counts += f", {suppressed} of them suppressed, which counts all the same" if suppressed else ""
    rules = "rules not listed" if report.unlisted or report.dependencies else f"{len(report.rules)} rules"
    rules += ", dated today" if any("on:" in record.subject.options for record in item.records.values()) else ""
    name = f"{' and '.join(item.tools)} {report.version}".rstrip()
    found = f"{sum(levels.values())} found{f' ({counts})' if counts else ''}"
    yield f"{name}: {_files(len(item.records))} with evidence, {rules}, {found}"
    ordered = sorted(item.records.items(), key=lambda pair: (not pair[1].spots, pair[0]))
    for path, record in ordered[:_SHOWN]:
        found = ", ".join(f"{spot.rule}:{spot.line}" for spot in record.spots[:_NAMED])
        found += " …" if len(record.spots) > _NAMED else ""
        yield f"  evidence {short(record.id)}  {path}: {found or 'clear'}"
    if len(ordered) > _SHOWN:
        yield f"  … and {len(ordered) - _SHOWN} more: --format json lists all"
    if item.revision:
        yield f"  the files are those of revision {item.revision[:12]}, and not what is staged"
    yield from (f"  not examined: {path}: {reason}" for path, reason in [*report.unread.items()][:_SHOWN])
    if item.stated:
        yield f"  on your word, and shown with every claim that rests on it: {', '.join(item.stated)}"
    for words, paths in (("not tracked, and no evidence", item.untracked), (_business(item, tools), left)):
        if paths:
            more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
            yield f"  {_files(len(paths))} {words}: {', '.join(paths[:_NAMED])}{more}"


def _business(item: Imported, tools: Tools) -> str:
    tool = tools.named(item.tools[0])
    whose = "that it can examine" if tool.languages or tool.names else "of code"
    return f"{whose}, not covered"


def _files(number: int) -> str:
    return f"{number} file{'' if number == 1 else 's'}"
