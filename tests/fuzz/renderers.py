"""Targets that show text of a repository, and what must hold of everything that is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from fuzz.inputs import name
from sayso.facts import Answer
from sayso.model import CheckResult, Finding, Outcome, Severity, Skipped
from sayso.reports import as_json, checklist, gate, text, workflow
from sayso.reports.safe import visible
from sayso.signs import Place

_OBEYED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)
_COMMAND = re.compile(r"::(error|warning|notice) ((?:(?:file|line|title)=[^:,\r\n]*,?)+)::([^\r\n]*)")


def one_line(shown: str) -> None:
    """A line is one line, and a terminal obeys nothing in it."""
    assert "\n" not in shown
    lines(shown)


def lines(shown: str) -> None:
    """A terminal obeys nothing in these lines but their ends."""
    found = _OBEYED.search(shown)
    assert found is None, found


def hold(results: Sequence[CheckResult]) -> None:
    """Every report of ``results`` keeps what reports promise."""
    lines(text.render(results))
    lines(gate.render(results))
    _commands(workflow.render(results))
    lines(workflow.summary(results, "title"))
    _summary(workflow.summary(results, "title"))
    document = json.loads(as_json.render("sayso", results))
    lines(as_json.render("sayso", results))
    shown = [(item["path"], item["line"]) for item in document["findings"]]
    assert shown == [(finding.path, finding.line) for result in results for finding in result.findings]


def _commands(shown: str) -> None:
    lines(shown)
    for line in shown.removesuffix("\n").split("\n"):
        found = _COMMAND.fullmatch(line)
        assert found, line
        assert "##[" not in line
        assert not re.search(r"%(?!25|0A|0D|3A|2C)", found[2])
        assert not re.search(r"%(?!25|0A|0D)", found[3])


def _summary(shown: str) -> None:
    """No markup comes out of a cell: what is no word is an entity."""
    for line in shown.split("\n"):
        if line.startswith("| ") and not line.startswith("| |"):
            assert line.count("|") == 5, line
            assert not re.search(r"[<>`\[\]@*_]", line), line


def reports(data: bytes) -> None:
    """Findings of arbitrary text, in every report."""
    fields = [name(part) for part in data.split(b"\0")[:8]]
    path, message, fix, note, reason, area, cases, because = (*fields, *[""] * (8 - len(fields)))
    detail = (("fix", fix), ("next", message), ("area", area))
    owed = (("kind", "lint"), ("status", "missing"), ("because", because), ("next", fix), ("cases", cases))
    for severity in Severity:
        findings = (
            Finding("rule-one", path, len(message), message, severity, detail, (79,)),
            Finding("owed-lint", "", 0, f"lint: missing: {message}", severity, owed),
        )
        skipped = (Skipped(path, reason, blocks=True), Skipped(path, reason, blocks=False, partly=True))
        results = [
            CheckResult(hook, Outcome.INCONCLUSIVE, findings, 1, skipped, ("e" * 64,), (note, fix))
            for hook in ("sensitive-paths", "secure-claims", "code-scan", "commit-gate", "ai-authorship")
        ]
        hold(results)


def questions(data: bytes) -> None:
    """The checklist: every line of the block is a comment, and none of the Markdown ticks a box."""
    asked, said, path, what, *_ = *(name(part) for part in data.split(b"\0")[:4]), "", "", "", ""
    answers = [Answer("one", asked, "yes", said, (Place(path, 7, what), Place("", 0, said)))] * 2
    for comment in ("#", ";", "//"):
        block = checklist.comment_block(answers, comment)
        lines(block)
        assert all(line.startswith(comment) for line in block.removesuffix("\n").split("\n"))
    shown = checklist.markdown(answers, said)
    lines(shown)
    assert sum(line.startswith("- [ ] **") for line in shown.split("\n")) == len(answers)
    assert not re.search(r"^\s*- \[x\]", shown, re.MULTILINE | re.IGNORECASE)
    assert len(shown.split("\n")) == 4 + 3 * len(answers) + 1


def safe(data: bytes) -> None:
    """What is made visible stays so, and is not hidden by being made visible again."""
    shown = visible(name(data))
    one_line(shown)
    assert visible(shown) == shown


TARGETS = {"reports": reports, "checklist-report": questions, "visible": safe}
