"""Read what a test runner reports as JUnit XML, strictly: pytest, surefire, jest-junit, gotestsum and their kin.

There is no schema that all of them keep. What is common is read: suites, nested or not,
with test cases, each of which failed, erred, was skipped or else passed. Counts that a suite
declares may not contradict its cases. A document type, an entity and a processing instruction
are refused, because a report needs none; messages, output and times are left unread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from xml.parsers import expat

from sayso.model import DataError
from sayso.runs import Report

MOST_BYTES = 64 << 20
MOST_DEPTH = 32
MOST_CASES = 200_000
_MOST_ELEMENTS = 2_000_000
_MOST_NAME = 300
_MOST_DIGITS = 9
_NOT_RUN = frozenset(("notrun", "disabled", "skipped", "suppressed", "ignored"))
_OUTCOMES = {"failure": "failed", "error": "errored", "skipped": "skipped"}
_RANK = ("passed", "skipped", "failed", "errored")


class _Suite:
    """An open suite: what it declares, and what has been seen directly in it and below."""

    __slots__ = ("below", "broken", "declared", "direct", "label", "names")

    def __init__(self, label: str, declared: Mapping[str, int]) -> None:
        self.label, self.declared = label, declared
        self.direct = self.below = 0
        self.names: set[str] = set()
        self.broken = False


class _Case(NamedTuple):
    """An open test case."""

    name: str
    depth: int


class _Reader:
    """The state of one reading."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parser = expat.ParserCreate()
        self._depth = self._elements = self._cases = 0
        self._suites: list[_Suite] = []
        self._case: _Case | None = None
        self._outcome = "passed"
        self.found: dict[str, list[str]] = {outcome: [] for outcome in Report._fields}
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = lambda *_: self._refuse("a document type has no place in a report")
        self._parser.ProcessingInstructionHandler = lambda *_: self._refuse(
            "a processing instruction has no place in a report"
        )

    def read(self, data: bytes) -> None:
        self._parser.Parse(data, True)

    def _refuse(self, message: str) -> None:
        raise DataError(f"{self._source}:{self._parser.CurrentLineNumber}: {message}")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MOST_DEPTH or self._elements > _MOST_ELEMENTS:
            self._refuse("nested too deep" if self._depth > MOST_DEPTH else "too many elements for a report")
        if self._depth == 1 and tag not in {"testsuites", "testsuite"}:
            self._refuse(f"<{tag[:_MOST_NAME]}> is not the beginning of a JUnit report")
        if tag in {"testsuites", "testsuite"}:
            self._open_suite(tag, attributes)
        elif tag == "testcase":
            self._open_case(attributes)
        elif tag in _OUTCOMES:
            self._note(_OUTCOMES[tag])

    def _open_suite(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._case or (tag == "testsuites" and self._depth > 1) or len(self._suites) != self._depth - 1:
            self._refuse(f"<{tag}> stands where no suite can be")
        given = {key: attributes.get(key, "").strip() for key in ("tests", "failures", "errors")}
        declared = {key: self._count(key, digits) for key, digits in given.items() if digits}
        self._suites.append(_Suite(attributes.get("name", tag)[:_MOST_NAME], declared))

    def _open_case(self, attributes: Mapping[str, str]) -> None:
        if self._case or len(self._suites) != self._depth - 1:
            self._refuse("<testcase> stands outside of a suite")
        self._cases += 1
        if self._cases > MOST_CASES:
            self._refuse(f"more than {MOST_CASES} tests: split the run")
        name = attributes.get("name", "")
        if not name:
            self._refuse("a test without a name")
        self._case = _Case(_named(attributes.get("classname", ""), name), self._depth)
        states = (attributes.get(key, "").lower() for key in ("status", "result"))
        self._outcome = "skipped" if any(state in _NOT_RUN for state in states) else "passed"

    def _note(self, outcome: str) -> None:
        """Take down what became of the open case, or of a whole suite, as where what it sets up fails."""
        if self._case and self._depth == self._case.depth + 1:
            self._outcome = max(self._outcome, outcome, key=_RANK.index)
        elif not self._case and outcome != "skipped" and len(self._suites) == self._depth - 1:
            self.found[outcome].append(_named(self._suites[-1].label, "(the suite itself)"))
            self._suites[-1].broken = True

    def _end(self, tag: str) -> None:
        if self._case and self._depth == self._case.depth:
            self._close_case(self._case)
        elif tag in {"testsuites", "testsuite"}:
            self._close_suite()
        self._depth -= 1

    def _close_case(self, case: _Case) -> None:
        self.found[self._outcome].append(case.name)
        suite = self._suites[-1]
        suite.direct += 1
        suite.names.add(case.name)
        suite.broken |= self._outcome in {"failed", "errored"}
        self._case = None

    def _close_suite(self) -> None:
        suite = self._suites.pop()
        total = suite.direct + suite.below
        declared = suite.declared.get("tests")
        if declared is not None and declared not in {total, suite.direct, len(suite.names)}:
            self._refuse(f"{suite.label!r} declares {declared} tests and has {total}: the report is not whole")
        failing = sum(suite.declared.get(key, 0) for key in ("failures", "errors"))
        if failing and not suite.broken:
            self._refuse(f"{suite.label!r} declares {failing} tests that did not pass, and has none")
        if self._suites:
            above = self._suites[-1]
            above.below += total
            above.names |= suite.names
            above.broken |= suite.broken

    def _count(self, key: str, digits: str) -> int:
        if len(digits) > _MOST_DIGITS or not (digits.isascii() and digits.isdecimal()):
            self._refuse(f"{key}={digits[:_MOST_DIGITS]!r} is not a number of tests")
        return int(digits)


def read(data: bytes, source: str) -> Report:
    """Read one report; ``source`` names it in messages.

    Raises:
        DataError: not JUnit XML, not whole, or beyond the bounds.
    """
    if len(data) > MOST_BYTES:
        raise DataError(f"{source}: more than {MOST_BYTES >> 20} MiB are too many for a report")
    if not data.strip():
        raise DataError(f"{source}: empty: the command wrote no report")
    reader = _Reader(source)
    try:
        reader.read(data)
    except expat.ExpatError as exc:
        raise DataError(f"{source}:{exc.lineno}: not XML, or cut off: {expat.ErrorString(exc.code)}") from exc
    except (ValueError, LookupError) as exc:  # an encoding that Python does not have
        raise DataError(f"{source}: not text that can be read: {exc}") from exc
    return merged([Report(**{outcome: tuple(names) for outcome, names in reader.found.items()})])


def merged(reports: Iterable[Report]) -> Report:
    """Return the reports of one run as one."""
    reports = tuple(reports)
    return Report(
        *(tuple(sorted(name for report in reports for name in report[at])) for at in range(len(Report._fields)))
    )


def _named(group: str, name: str) -> str:
    """Join names; each part is cut where it is absurdly long."""
    return f"{group[:_MOST_NAME]}::{name[:_MOST_NAME]}"
