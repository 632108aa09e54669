"""What the audit trail asks of git beyond a log: trees, times, and the approvals that stand beside the code.

Commits come in batches, so that a history of any length costs two git calls for
some hundred commits and no more memory than they.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sayso.adapters.git import GitError, Repository
from sayso.adapters.raw import Commit
from sayso.trail import Recorded, header

BATCH = 200

_HEADER = 64 << 10
_MOST_TREE = 1 << 20
_MOST_APPROVALS = 500
_MOST_APPROVAL = 1 << 20
_KEPT = 1000
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


class Approvals:
    """The files of a folder that name blobs, in the tree of any commit. Each state of the folder is read once."""

    def __init__(self, repo: Repository, folder: str) -> None:
        self._repo = repo
        self._folder = folder
        self._states: dict[str, dict[str, frozenset[str]]] = {"": {}}
        self._files: dict[str, frozenset[str]] = {}

    def of(self, ids: Sequence[str]) -> list[dict[str, frozenset[str]]]:
        """Return, for each commit, the blob ids of its approvals, each with the blob ids that it names."""
        found = _objects(self._repo, [f"{commit}:{self._folder}" for commit in ids])
        trees = [name if kind == "tree" else "" for name, kind in found]
        if len(self._states) > _KEPT:
            self._states, self._files = {"": {}}, {}
        self._read([tree for tree in dict.fromkeys(trees) if tree not in self._states])
        return [self._states[tree] for tree in trees]

    def _read(self, trees: Sequence[str]) -> None:
        listed = {
            tree: _files_of(blob.data, len(tree) // 2) if blob.whole else []
            for tree, blob in self._repo.blobs(trees, _MOST_TREE).blobs.items()
        }
        new = {name for names in listed.values() for name in names if name not in self._files}
        for name, blob in self._repo.blobs(sorted(new), _MOST_APPROVAL).blobs.items():
            named = (match[0].decode() for match in _OBJECT_ID.finditer(blob.data))
            self._files[name] = frozenset(islice(named, _KEPT * 10))
        for tree, names in listed.items():
            self._states[tree] = {name: self._files[name] for name in names if name in self._files}


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


def _files_of(data: bytes, width: int) -> list[str]:
    """Return the ids of the files in the bytes of a tree: mode, space, name, NUL, and the id in ``width`` bytes."""
    found: list[str] = []
    at = 0
    while (end := data.find(b"\0", at)) >= 0 and len(found) < _MOST_APPROVALS:
        mode = data[at:end].partition(b" ")[0]
        at = end + 1 + width
        if mode in _FILE_MODES:
            found.append(data[end + 1 : at].hex())
    return found
