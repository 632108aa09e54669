"""What a report of another tool says, in the terms that every format is read into, and the two ways to refuse one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sayso.model import DataError, SaysoError


class ReportError(DataError):
    """A report that is not of its format, or that contradicts itself: nobody's tool wrote it as it is."""


class ProofError(SaysoError):
    """A whole report that shows nothing for these bytes: the run failed, or the report leaves open what it examined."""


class File(NamedTuple):
    """What a report says of the content of a file that was examined; each is checked, and none need be there."""

    hashes: tuple[tuple[str, str], ...] = ()
    length: int = -1
    text: str | None = None

    @property
    def pinned(self) -> bool:
        """Tell whether the report says enough to recognise the content."""
        return bool(self.hashes) or self.text is not None


class Result(NamedTuple):
    """Something that the tool found: the level as the tool sees it, and lines from 1, or 0 where it names none."""

    rule: str
    level: str
    path: str
    line: int
    end_line: int
    suppressed: bool = False


class Report(NamedTuple):
    """One run of one tool.

    ``files`` are the files that the report says were examined, by path from the top of the repository, and
    ``unread`` those that it names and that do not count, with the reason. ``silent`` are the facts that it leaves
    open: "success", "rules", "files". ``unlisted`` says that the tool lists only rules that found something.
    ``dependencies`` marks a report on dependencies: it holds on one day, a result without a path is about each of its
    files, ``asked`` are the names and versions that it answers for, or ``total`` is their number, where it says so.
    """

    tool: str
    version: str
    format: str
    rules: tuple[str, ...]
    files: Mapping[str, File]
    results: tuple[Result, ...]
    unread: Mapping[str, str] = {}
    silent: frozenset[str] = frozenset()
    unlisted: bool = False
    revision: str = ""
    ended: str = ""
    dependencies: bool = False
    asked: tuple[tuple[str, str], ...] = ()
    total: int = 0
