"""A change that is to be judged as a whole, with all that is known of it."""

from __future__ import annotations

from typing import NamedTuple

from sayso.app.context import Context
from sayso.message import parse_trailers
from sayso.model import Change, ChangeKind, CheckResult, Identity
from sayso.owing import Owed

_EMPTY = (
    "",
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
"""What has no content, by git's ids of either length: nobody has that from a tool."""


class Part(NamedTuple):
    """A commit of a range: its message, who made it, whether it carries a tool's mark, and what it changes."""

    id: str
    message: str
    author: Identity
    committer: Identity
    ai: bool
    changes: tuple[Change, ...]


class Case(NamedTuple):
    """What is judged.

    Attributes:
        context: repository and policy.
        changes: the change.
        revision: the commit that it leads to, or "" while it is staged.
        message: the message, as git will store it; "" for a range.
        author: who made it; of a range, who made its last commit.
        committer: who commits it.
        ai: it carries the mark of a coding tool.
        results: what the hooks have found in it.
        due: nothing can be put off until a push, because this is the push, or CI.
        merged: the tree that a range merges to.
        parts: the commits of a range.
        owed: what the change owes, where that is known already.
    """

    context: Context
    changes: tuple[Change, ...]
    revision: str
    message: str
    author: Identity
    committer: Identity
    ai: bool
    results: tuple[CheckResult, ...] = ()
    due: bool = False
    merged: str = ""
    parts: tuple[Part, ...] = ()
    owed: tuple[Owed, ...] | None = None

    @property
    def tree(self) -> str:
        """The id of the tree that the change leads to."""
        if self.merged:
            return self.merged
        return self.context.repo.tree_of(self.revision) if self.revision else self.context.tree

    @property
    def notes(self) -> list[str]:
        """The notes on threats in the message, or in those of a range."""
        messages = [part.message for part in self.parts] or [self.message]
        found = [trailer for message in messages for trailer in parse_trailers(message)]
        return [trailer.value for trailer in found if trailer.key.lower() == "threat-note"]

    def result(self, hook: str) -> CheckResult | None:
        """Return what a hook has found, with what the policy relaxes as notes; None where it has not run."""
        found = next((result for result in self.results if result.hook == hook), None)
        if found is None or not self.context.policy.relaxed:
            return found
        from sayso.relax import relaxed  # noqa: PLC0415 - few policies relax anything

        return relaxed([found], self.context.policy)[0]


def by_tools(case: Case) -> set[str]:
    """Return the names that tools' commits touch, and those under which the others keep what the tools left.

    Commits are read without renames: what takes a tool's file away and adds one of the same kind has moved it. What no
    commit touches was brought about by merging; where a tool took part in the range, that counts as its work.
    """
    if not case.ai:
        return set()
    names: set[str] = set()
    blobs: set[str] = set()
    touched: set[str] = set()
    for part in case.parts:
        gone = {_suffix(item.path) for item in part.changes if item.kind is ChangeKind.DELETED and item.path in names}
        for change in part.changes:
            touched.update(change.names)
            moved = change.kind is ChangeKind.ADDED and _suffix(change.path) in gone
            if part.ai or moved or change.blob in blobs:
                names.update(change.names)
                blobs.update({change.blob}.difference(_EMPTY))
    return names | ({name for change in case.changes for name in change.names} - touched)


def _suffix(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2]
