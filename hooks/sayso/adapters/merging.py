"""Work out what a range merges to, without touching the repository: new objects go to a folder that is thrown away."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from sayso.adapters.git import GitError, Repository
from sayso.adapters.gitcall import RAW
from sayso.adapters.raw import parse_changes, text
from sayso.model import Change, UsageError

_CONFLICT = 1
_SHA1 = 40
_WHOLE = "git fetch --unshallow gets the rest"


class Merge(NamedTuple):
    """The tree that two commits merge to, and what that changes in the first of them; or the paths in conflict."""

    tree: str
    changes: tuple[Change, ...] = ()
    conflicts: tuple[str, ...] = ()


def merged(repo: Repository, onto: str, other: str, scratch: str) -> Merge:
    """Merge ``other`` into ``onto``; objects that the merge makes are written to ``scratch``, and read from there.

    Raises:
        UsageError: the two have no common ancestor here.
        GitError: git could not merge; before 2.38 it cannot do so without a work tree.
    """
    if parted(repo, onto, other) == onto:
        tree = repo.tree_of(other)
        return Merge(tree, _changes(repo, onto, tree))
    command = ("-C", scratch, "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", onto, other)
    done = repo.ask(*command, variables=_elsewhere(repo, scratch))
    fields = [text(field) for field in done.out.split(b"\0") if field]
    if done.code == _CONFLICT and fields:
        return Merge("", conflicts=tuple(dict.fromkeys(fields[1:])))
    if done.code or not fields:
        said = text(done.err.strip()).split("\n")[0] or f"exit code {done.code}"
        raise GitError(f"git merge-tree failed (git 2.38 or newer is needed): {said}")
    repo.read_also(os.path.join(scratch, "objects"))
    return Merge(fields[0], _changes(repo, onto, fields[0]))


def parted(repo: Repository, onto: str, other: str) -> str:
    """Return the commit from which two went their own ways; ``onto`` itself, if ``other`` holds all of it.

    Raises:
        UsageError: there is none here.
    """
    found = text(repo.ask("merge-base", onto, other).out.strip())
    if not found:
        why = f"the history is cut off: {_WHOLE}" if _cuts(repo) else "they are histories of their own"
        raise UsageError(f"{onto[:12]} and {other[:12]} have no common ancestor here: {why}")
    return found


def refuse_cut(repo: Repository, ids: Iterable[str]) -> None:
    """Refuse commits at which a shallow clone ends: what they change, and what came before them, is not here.

    Raises:
        UsageError: there is one.
    """
    cuts = _cuts(repo)
    cut = next((commit for commit in ids if commit in cuts), "")
    if cut:
        raise UsageError(f"the history is cut off at {cut[:12]}, within the range: {_WHOLE}")


def _cuts(repo: Repository) -> frozenset[str]:
    try:
        with open(os.path.join(repo.common_dir, "shallow"), encoding="ascii", errors="replace") as file:
            return frozenset(file.read().split())
    except FileNotFoundError:
        return frozenset()


def _elsewhere(repo: Repository, scratch: str) -> dict[str, str]:
    """Make an empty repository that can read the objects of ``repo``, and return the variables that lead there.

    What a merge holds must not depend on who merges: neither attributes of a work tree, which may name a driver, nor
    anybody's settings reach it.
    """
    objects = text(repo.ask("rev-parse", "--path-format=absolute", "--git-path", "objects").out.strip())
    for folder in ("objects", "refs"):
        os.makedirs(os.path.join(scratch, folder), exist_ok=True)
    kind = "sha1" if len(repo.empty_tree) == _SHA1 else "sha256"
    extensions = f"[extensions]\n\tobjectFormat = {kind}\n"
    core = f"[core]\n\trepositoryFormatVersion = 1\n\tbare = true\n\tattributesFile = {os.devnull}\n"
    files = {"HEAD": "ref: refs/heads/none\n", "config": core + extensions, "shallow": "\n".join(sorted(_cuts(repo)))}
    for name, content in files.items():
        if content:
            with open(os.path.join(scratch, name), "x", encoding="ascii") as file:
                file.write(content + "\n" * (not content.endswith("\n")))
    known = os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")
    return {
        **dict.fromkeys(("GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE"), scratch),
        "GIT_INDEX_FILE": os.path.join(scratch, "index"),
        "GIT_OBJECT_DIRECTORY": os.path.join(scratch, "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(filter(None, (objects, known))),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_PARAMETERS": "",
        "GIT_CONFIG_COUNT": "0",
        "GIT_ATTR_NOSYSTEM": "1",
    }


def _changes(repo: Repository, base: str, tree: str) -> tuple[Change, ...]:
    done = repo.ask("diff-tree", *RAW, "--find-renames", repo.tree_of(base), tree, "--")
    if done.code:
        raise GitError(f"git diff-tree failed: {text(done.err.strip())}")
    return tuple(parse_changes(done.out.split(b"\0")))
