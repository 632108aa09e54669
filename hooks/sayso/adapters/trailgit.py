"""What the audit trail asks of git beyond a log: trees, times, and the approvals that stand beside the code.

Commits come in batches, so that a history of any length costs two git calls for
some hundred commits and no more memory than they.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from sayso.adapters.git import GitError, Repository
from sayso.adapters.raw import Commit
from sayso.approvals import MOST_BYTES, MOST_PATHS, SUFFIX
from sayso.trail import Recorded, header

BATCH = 200

_HEADER = 64 << 10
_MOST_TREE = 1 << 20
_MOST_FILES = 2000
_MOST_KEPT = 100_000
_OBJECT_ID = re.compile(rb"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9a-f])")
_FILE_MODES = frozenset((b"100644", b"100755"))


def batches(commits: Iterable[Commit]) -> Iterator[list[Commit]]:
    """Cut a stream of commits into lists."""
    stream = iter(commits)
    while batch := list(islice(stream, BATCH)):
        yield batch


def recorded(repo: Repository, batch: Sequence[Commit]) -> list[Recorded]:
    """Return the commits of a batch with the parents, trees and times that their objects name.

    Raises:
        GitError: a commit is where a shallow clone ends, so that git cannot say what it changed.
    """
    objects = repo.blobs((commit.id for commit in batch), _HEADER).blobs
    found = []
    for commit in batch:
        tree, parents, authored, committed = header(objects[commit.id].data)
        if parents and not commit.parents:
            raise GitError(
                f"{commit.id[:12]} is where a shallow clone ends, and what it changed is not here: "
                "git fetch --unshallow, or begin the range at it"
            )
        people = (commit.author, commit.committer, authored, committed)
        found.append(Recorded(commit.id, parents, tree, *people, commit.message, commit.changes))
    return found


def missing(repo: Repository, ids: Sequence[str]) -> set[str]:
    """Return which of these commits git does not have any more."""
    return {name for name, found in zip(ids, _objects(repo, ids), strict=True) if found[1] != "commit"}


class Approved(NamedTuple):
    """The approvals of a commit: the blob id of each with the blob ids that it names, and how many were not read."""

    named: dict[str, frozenset[str]]
    unread: int = 0


class Approvals:
    """The statements in a folder, in the tree of any commit. Each state of the folder is read once."""

    def __init__(self, repo: Repository, folder: str) -> None:
        self._repo = repo
        self._folder = folder
        self._states = {"": Approved({})}
        self._files: dict[str, frozenset[str]] = {}

    def of(self, ids: Sequence[str]) -> list[Approved]:
        """Return the approvals of each commit."""
        found = _objects(self._repo, [f"{commit}:{self._folder}" for commit in ids])
        trees = [name if kind == "tree" else "" for name, kind in found]
        if sum(len(state.named) for state in self._states.values()) > _MOST_KEPT:
            self._states, self._files = {"": Approved({})}, {}
        self._read([tree for tree in dict.fromkeys(trees) if tree not in self._states])
        return [self._states[tree] for tree in trees]

    def _read(self, trees: Sequence[str]) -> None:
        blobs = self._repo.blobs(trees, _MOST_TREE).blobs
        listed = {tree: list(_statements(blob.data, len(tree) // 2)) for tree, blob in blobs.items()}
        new = {name for names in listed.values() for name in names[:_MOST_FILES] if name not in self._files}
        for name, blob in self._repo.blobs(sorted(new), MOST_BYTES).blobs.items():
            named = (match[0].decode() for match in _OBJECT_ID.finditer(blob.data))
            self._files[name] = frozenset(islice(named, MOST_PATHS * 2))
        for tree, names in listed.items():
            read = {name: self._files[name] for name in names[:_MOST_FILES] if name in self._files}
            self._states[tree] = Approved(read, len(set(names)) - len(read) + (not blobs[tree].whole))


def _objects(repo: Repository, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the id and the type of the object that each name stands for; "" and "" where there is none."""
    asked = "".join(f"{name}\n" for name in names)
    done = repo.ask(
        "cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked.encode("utf-8", "surrogateescape")
    )
    lines = done.out.decode("utf-8", "surrogateescape").split("\n")[:-1]
    if done.code or len(lines) != len(names):
        raise GitError("git cat-file gave no answer for some of the objects that the trail speaks of")
    words = [line.split(" ") for line in lines]
    absent = ("missing", "ambiguous")
    return [("", "") if len(pair) != 2 or pair[1] in absent else (pair[0], pair[1]) for pair in words]  # noqa: PLR2004


def _statements(data: bytes, width: int) -> Iterator[str]:
    """Yield the ids of statements from the bytes of a tree: mode, space, name, NUL, and the id in ``width`` bytes."""
    at = 0
    while (end := data.find(b"\0", at)) >= 0 and end + width < len(data):
        mode, _, name = data[at:end].partition(b" ")
        at = end + 1 + width
        if mode in _FILE_MODES and name.endswith(SUFFIX.encode()):
            yield data[end + 1 : at].hex()
