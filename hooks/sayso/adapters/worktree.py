"""Name the content of the work tree as it is, untracked and unstaged files included, by the id of a tree.

It is what ``git add --all`` and ``git write-tree`` would say, worked out with a copy of the
index and an object directory that is thrown away: neither the user's index nor the object
store is written to. What the user told git not to look at is looked at all the same
(``assume-unchanged``, and ``skip-worktree`` on a file that is there); a file that a sparse
checkout left out stays as it is in the index. A symbolic link is its target's name, a
submodule the commit that it is at. Ignored files are no part of a tree, so no id speaks of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sayso.adapters.git import GitError, Repository
from sayso.adapters.raw import text
from sayso.model import SaysoError, UsageError

# What a repository or its user may have set, and what would run something, or leave something out.
_SETTINGS = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.splitIndex=false"),
    *("-c", "core.untrackedCache=false"),
    *("-c", "core.trustctime=true"),
    *("-c", "core.checkStat=default"),
    *("-c", "core.safecrlf=false"),
    *("-c", "add.ignoreErrors=false"),
    *("-c", "diff.ignoreSubmodules=none"),
    *("-c", "advice.addEmbeddedRepo=false"),
)
_MOST_INDEX = 1 << 30


class WorkTreeError(SaysoError):
    """The content of the work tree cannot be named."""


class State(NamedTuple):
    """The content of a work tree: the id of its tree, and mode and id of each file by path."""

    tree: str
    files: Mapping[str, str]


def state(repo: Repository, without: str = "") -> State:
    """Return what the work tree holds now, but for the folder ``without``.

    Raises:
        UsageError: a bare repository has none.
        WorkTreeError: files in conflict, or a submodule with changes of its own, which no tree can hold.
    """
    if repo.bare:
        raise UsageError("a bare repository has no work tree to run in")
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - a hook never asks

    with TemporaryDirectory(prefix="sayso-") as folder:
        return _Aside(repo, folder).state(without)


def differences(one: State, other: State) -> tuple[str, ...]:
    """Return the paths that the two do not have alike, sorted."""
    paths = one.files.keys() | other.files.keys()
    return tuple(sorted(path for path in paths if one.files.get(path) != other.files.get(path)))


def staged(repo: Repository, without: str = "") -> Mapping[str, str]:
    """Return mode and id of each file of the index by path; one in conflict has neither."""
    listed = _files(_asked(repo, {}, "ls-files", "--stage", "-z"))
    return {path: item for path, item in listed if not without or not path.startswith(f"{without}/")}


class _Aside:
    """A copy of the index, and a place for objects, in ``folder``."""

    def __init__(self, repo: Repository, folder: str) -> None:
        self._repo = repo
        objects, index = os.path.join(folder, "objects"), os.path.join(folder, "index")
        os.mkdir(objects)
        paths = [
            _line(_asked(repo, {}, "rev-parse", "--path-format=absolute", "--git-path", name))
            for name in ("index", "objects")
        ]
        _copy(paths[0], index)
        known = os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")
        self._variables = {
            "GIT_INDEX_FILE": index,
            "GIT_OBJECT_DIRECTORY": objects,
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(filter(None, (_quoted(paths[1]), known))),
        }

    def state(self, without: str) -> State:
        self._look_at_everything()
        self._git("add", "--all", "--sparse")
        if without:
            self._git("rm", "-r", "-q", "-f", "--cached", "--ignore-unmatch", "--sparse", "--", without)
        tree = _line(self._git("write-tree", "--missing-ok"))
        left = self._git("diff-files", "--name-only", "-z", "--ignore-submodules=none")
        if left:
            self._explain([text(name) for name in left.split(b"\0") if name])
        return State(tree, dict(_files(self._git("ls-files", "--stage", "-z"))))

    def _look_at_everything(self) -> None:
        """Take back, in the copy, what makes git pass over a file."""
        hidden = [entry for entry in self._git("ls-files", "-v", "-z").split(b"\0") if entry[:2] not in {b"H ", b""}]
        if any(entry[:1].islower() for entry in hidden):
            self._git("update-index", "--really-refresh", "-q", tolerate=True)
        there = [entry[2:] for entry in hidden if entry[:1] in b"Ss" and os.path.lexists(self._path(entry[2:]))]
        if there:
            self._git("update-index", "--no-skip-worktree", "-z", "--stdin", stdin=b"\0".join((*there, b"")))

    def _path(self, name: bytes) -> bytes:
        return os.path.join(os.fsencode(self._repo.top), name)

    def _explain(self, paths: list[str]) -> None:
        modules = [path for path in paths if os.path.isdir(os.path.join(self._repo.top, path))]
        names = ", ".join(paths[:5])
        if modules:
            raise WorkTreeError(
                f"{names}: a submodule has changes that no tree of this repository holds: commit them there"
            )
        raise WorkTreeError(f"{names}: changed while it was read: run again when nothing else writes there")

    def _git(self, *args: str, stdin: bytes = b"", tolerate: bool = False) -> bytes:
        return _asked(self._repo, self._variables, *args, stdin=stdin, tolerate=tolerate)


def _asked(
    repo: Repository, variables: Mapping[str, str], *args: str, stdin: bytes = b"", tolerate: bool = False
) -> bytes:
    done = repo.ask("-C", repo.top, *_SETTINGS, *args, stdin=stdin, variables=variables)
    if done.code and not tolerate:
        said = text(done.err.strip()).split("\n")[-1].removeprefix("fatal: ").removeprefix("error: ")
        raise GitError(f"git {args[0]} cannot tell what the work tree holds: {said or f'exit code {done.code}'}")
    return done.out


def _copy(source: str, target: str) -> None:
    """Copy an index with its time: by it git knows which files may have changed since without looking changed."""
    try:
        with open(source, "rb") as file:
            times = os.fstat(file.fileno())
            data = file.read(_MOST_INDEX)
    except FileNotFoundError:
        return  # nothing was ever staged
    except OSError as exc:
        raise WorkTreeError(f"cannot read {source}: {exc.strerror}") from exc
    with open(target, "xb") as file:
        file.write(data)
    os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))


def _files(listed: bytes) -> Iterator[tuple[str, str]]:
    """Yield the path of each entry of ``ls-files --stage -z``, and its mode and id; "" for one in conflict."""
    for record in listed.split(b"\0"):
        head, _, name = record.partition(b"\t")
        if head:
            mode, blob, stage = head.decode().split(" ")
            yield text(name), f"{mode} {blob}" if stage == "0" else ""


def _line(output: bytes) -> str:
    return os.fsdecode(output.rstrip(b"\n"))


def _quoted(path: str) -> str:
    """Write a path as git reads it in a list, where it has the separator in it."""
    if os.pathsep not in path and not path.startswith('"'):
        return path
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
