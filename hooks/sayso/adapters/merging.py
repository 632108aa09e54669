"""Work out what a range merges to, without touching the repository: new objects go to a folder that is thrown away."""

from __future__ import annotations

import os
from typing import NamedTuple

from sayso.adapters.git import GitError, Repository
from sayso.adapters.raw import parse_changes, text
from sayso.model import Change

_RAW = (
    "-r",
    "--raw",
    "-z",
    "--no-abbrev",
    "--ignore-submodules=none",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
)
_CONFLICT = 1


class Merge(NamedTuple):
    """The tree that two commits merge to, and what that changes in the first of them; or the paths in conflict."""

    tree: str
    changes: tuple[Change, ...] = ()
    conflicts: tuple[str, ...] = ()


def merged(repo: Repository, onto: str, other: str, scratch: str) -> Merge:
    """Merge ``other`` into ``onto``; objects that the merge makes are written to ``scratch``, and read from there.

    Raises:
        GitError: git could not merge; before 2.38 it cannot do so without a work tree.
    """
    if repo.ask("merge-base", "--is-ancestor", onto, other).code == 0:
        tree = repo.tree_of(other)
        return Merge(tree, _changes(repo, onto, tree))
    objects = text(repo.ask("rev-parse", "--path-format=absolute", "--git-path", "objects").out.strip())
    os.makedirs(scratch, exist_ok=True)
    variables = {"GIT_OBJECT_DIRECTORY": scratch, "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects}
    settings = ("-c", "merge.renames=true", "-c", "merge.conflictStyle=merge")
    command = (*settings, "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", onto, other)
    done = repo.ask(*command, variables=variables)
    fields = [text(field) for field in done.out.split(b"\0") if field]
    if done.code == _CONFLICT and fields:
        return Merge("", conflicts=tuple(dict.fromkeys(fields[1:])))
    if done.code or not fields:
        said = text(done.err.strip()).split("\n")[0] or f"exit code {done.code}"
        raise GitError(f"git merge-tree failed (git 2.38 or newer is needed): {said}")
    repo.read_also(scratch)
    return Merge(fields[0], _changes(repo, onto, fields[0]))


def _changes(repo: Repository, base: str, tree: str) -> tuple[Change, ...]:
    done = repo.ask("diff-tree", *_RAW, "--find-renames", repo.tree_of(base), tree, "--")
    if done.code:
        raise GitError(f"git diff-tree failed: {text(done.err.strip())}")
    return tuple(parse_changes(done.out.split(b"\0")))
