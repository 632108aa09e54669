"""Results for GitHub Actions: annotations as workflow commands, and a summary in Markdown.

A runner obeys what it finds in the output, so nothing in a path, a message or a
rule may become a command: every line is one command of ours, its values escaped as
the runner unescapes them, and the older form of commands, which is obeyed anywhere
in a line, is broken up. A runner shows ten annotations of each level; the last line
counts what is left over.

In the summary every character that is no letter, digit or space is an entity: it is
shown as it is, and means nothing to Markdown, to HTML or to what makes links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sayso.model import CheckResult, Finding, Outcome, Severity
from sayso.reports.safe import visible

MOST = 10

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_MOST_TEXT = 2000
_MOST_ROWS = 100
_MOST_CELL = 400
_MARKUP = re.compile(r"[^\w ]|_")


class _Line(NamedTuple):
    level: str
    rule: str
    path: str
    line: int
    message: str


def render(results: Sequence[CheckResult]) -> str:
    """Return workflow commands, one a line: errors, warnings, notices, and a count of all."""
    lines = list(_lines(results))
    shown: list[str] = []
    left = 0
    for level in _LEVELS.values():
        of_level = [line for line in lines if line.level == level]
        room = MOST - 1 if level == "notice" else MOST  # the count is a notice too
        shown += [_command(line) for line in of_level[:room]]
        left += len(of_level[room:])
    told = _told(results)
    if left:
        told += f"; {left} more than a runner shows: --format text or json has all"
    shown.append(_command(_Line("notice", "sayso", "", 0, told)))
    return "".join(f"{line}\n" for line in shown)


def summary(results: Sequence[CheckResult], title: str) -> str:
    """Return a section of Markdown: what came of it, and a table of what was found."""
    parts = [f"## {_inert(title)}", "", _inert(_told(results)), ""]
    lines = list(_lines(results))
    if lines:
        parts += ["| | where | rule | what |", "|---|---|---|---|"]
        parts += [_row(line) for line in lines[:_MOST_ROWS]]
        if len(lines) > _MOST_ROWS:
            parts += ["", f"… and {len(lines) - _MOST_ROWS} more."]
        parts.append("")
    notes = dict.fromkeys(note for result in results for note in result.notes)
    parts += [f"- {_inert(note)}" for note in list(notes)[:_MOST_ROWS]]
    return "".join(f"{part}\n" for part in parts)


def _lines(results: Iterable[CheckResult]) -> Iterator[_Line]:
    """Yield what there is to say of places, the gravest first."""
    results = tuple(results)
    for result in results:
        undecided = result.outcome is Outcome.INCONCLUSIVE
        blocking = [item for item in result.skipped if item.blocks]
        for item in blocking:
            level = "error" if undecided else "warning"
            yield _Line(level, result.hook, item.path, 0, f"not examined: {item.reason}")
        if undecided and not blocking:
            why = "; ".join(result.notes) or "see the log of this step"
            yield _Line("error", result.hook, "", 0, f"could not decide: {why}")
    for severity, level in _LEVELS.items():
        for result in results:
            for finding in result.findings:
                if finding.severity is severity:
                    yield _Line(level, finding.rule, finding.path, finding.line, _message(finding))


def _message(finding: Finding) -> str:
    detail = dict(finding.detail)
    said = finding.message.startswith("commit ")
    commit = f"commit {detail['commit'][:12]}: " if "commit" in detail and not said else ""
    following = [f"{name}: {detail[name]}" for name in ("next", "fix") if detail.get(name)]
    return "\n".join([commit + finding.message, *following])


def _told(results: Sequence[CheckResult]) -> str:
    findings = [finding for result in results for finding in result.findings]
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in _LEVELS}
    undecided = [result.hook for result in results if result.outcome is Outcome.INCONCLUSIVE]
    verdict = "passed"
    if undecided:
        verdict = f"could not decide ({', '.join(dict.fromkeys(undecided))})"
    if counts[Severity.ERROR]:
        verdict = "refused"
    told = ", ".join(f"{count} {_LEVELS[severity]}{'' if count == 1 else 's'}" for severity, count in counts.items())
    return f"{verdict}: {told}; {_some(results)}"


def _some(results: Sequence[CheckResult]) -> str:
    ran = list(dict.fromkeys(result.hook for result in results))
    return f"{len(ran)} check{'' if len(ran) == 1 else 's'} reported"


def _command(line: _Line) -> str:
    properties = {"file": line.path, "line": str(line.line) if line.line and line.path else "", "title": line.rule}
    given = ",".join(f"{key}={_property(_tame(value))}" for key, value in properties.items() if value)
    message = "\n".join(_tame(part) for part in line.message[:_MOST_TEXT].split("\n"))
    return f"::{line.level} {given}::{_data(message)}"


def _tame(text: str) -> str:
    """Make what a terminal obeys visible, and break up ``##[command]``, which a runner finds anywhere in a line."""
    return visible(text).replace("##[", r"##\x5b")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _row(line: _Line) -> str:
    place = f"{line.path or 'message'}:{line.line}" if line.line else line.path
    cells = (line.level, place, line.rule, line.message.split("\n")[0])
    return "| " + " | ".join(_inert(cell) for cell in cells) + " |"


def _inert(text: str) -> str:
    short = text if len(text) <= _MOST_CELL else f"{text[:_MOST_CELL]}…"
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", visible(short))
