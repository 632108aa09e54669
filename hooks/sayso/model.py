"""The values that every other module speaks in.

Paths and text that come from git are ``str`` with surrogateescape, so that any
byte survives the trip. Line numbers count from 1; 0 means "no line". A finding
never holds the value of a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

SYMLINK_MODE = "120000"
SUBMODULE_MODE = "160000"
NO_MODE = "000000"


class SaysoError(Exception):
    """Anything that stops a run: the message is for the user, ``code`` is the exit code."""

    code = 3


class DataError(SaysoError):
    """A rule or policy file that cannot be used as it is: says file, line and key."""

    code = 2


class UsageError(SaysoError):
    """A command line that asks for something impossible."""

    code = 2


class Severity(StrEnum):
    """How much a finding weighs: an error refuses, a warning is shown, a note informs."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class Outcome(StrEnum):
    """What examining something led to. Inconclusive never passes."""

    CLEAR = "clear"
    FOUND = "found"
    NOT_APPLICABLE = "not-applicable"
    INCONCLUSIVE = "inconclusive"


class ChangeKind(StrEnum):
    """How a change touches a path; NAMED is a whole file that the user asked about."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"
    RENAMED = "renamed"
    COPIED = "copied"
    TYPE_CHANGED = "type-changed"
    NAMED = "named"


class Change(NamedTuple):
    """One path of a change. A deletion keeps its old name in ``path``; ids are full hex object ids, or ""."""

    kind: ChangeKind
    path: str
    old_path: str = ""
    mode: str = "100644"
    old_mode: str = NO_MODE
    blob: str = ""
    old_blob: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which the change must be judged: both, if it is a rename."""
        return (self.path, self.old_path) if self.kind is ChangeKind.RENAMED else (self.path,)


class AddedLine(NamedTuple):
    """A line that the change adds: its number in the new file and its decoded text without the line end."""

    number: int
    text: str


class Identity(NamedTuple):
    """A name and an address, as git records an author or a committer."""

    name: str
    email: str


class Snapshot(NamedTuple):
    """A change with the text that it adds.

    ``added``, ``texts`` (the whole new text) and ``before`` (the whole old text, under the new path) are keyed by path
    and lack what is not text; of a symbolic link they hold the target. ``message`` is what git will store, "" where
    there is none yet. ``ai`` says that the commit carries the mark of a coding tool. ``areas`` are the ids of the
    sensitive areas that the change touches. ``there`` are those paths, of the ones that a check asks about, that the
    commit has whether or not the change touches them.
    """

    changes: tuple[Change, ...]
    added: Mapping[str, tuple[AddedLine, ...]] = {}
    texts: Mapping[str, str] = {}
    before: Mapping[str, str] = {}
    message: str = ""
    ai: bool = False
    areas: tuple[str, ...] = ()
    there: frozenset[str] = frozenset()


class Rule(NamedTuple):
    """One thing that can be found, what a person needs to understand and repair it, and what it is known to miss."""

    id: str
    summary: str
    severity: Severity
    why: str = ""
    fix: str = ""
    since: str = ""
    flag: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    cwe: tuple[int, ...] = ()
    misses: str = ""


class Finding(NamedTuple):
    """A rule, a place and a message.

    ``detail`` holds further facts for the JSON report, as name and value; ``cwe`` the numbers of the weakness.
    """

    rule: str
    path: str
    line: int
    message: str
    severity: Severity
    detail: tuple[tuple[str, str], ...] = ()
    cwe: tuple[int, ...] = ()


class Skipped(NamedTuple):
    """A path that was not examined, and why.

    ``blocks`` tells a gap from a file that the hook has no business with; ``partly`` says that the rest was examined.
    """

    path: str
    reason: str
    blocks: bool
    partly: bool = False


class CheckResult(NamedTuple):
    """What one hook has to say. ``evidence`` are ids of records, ``notes`` are sentences for a person."""

    hook: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    examined: int = 0
    skipped: tuple[Skipped, ...] = ()
    evidence: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
