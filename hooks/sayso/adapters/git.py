"""Every git call there is.

The index is read, never the work tree, and through the inherited
``GIT_INDEX_FILE``: it names another file for ``commit -a``, ``commit -- path``
and linked worktrees. Replacement objects and lazy fetches are off, because the
bytes that are judged must be the bytes that the id stands for, and because
nothing on the way of a commit may use the network.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sayso.adapters import process
from sayso.adapters.gitcall import RAW, SETTINGS, GitError, environment, executable, first_line, verb
from sayso.adapters.raw import LOG_FORMAT, BlobReader, Commit, as_stored, fields, parse_changes, parse_log, text
from sayso.model import SUBMODULE_MODE, Change, ChangeKind, UsageError

__all__ = ["EMPTY_TREES", "GitError", "Repository", "is_file"]

EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_NO_SUCH_FILE = (b"does not exist", b"exists on disk, but not", b"Not a valid object name", b"invalid object name")
_TIMEOUT = 120.0
_ID = re.compile(rb"[0-9a-fA-F]{4,64}")
_IDS_A_CALL = 500
_MOST_MESSAGE = 16 << 20
_MOST_PATHSPECS = 500  # below any limit on a command line; past it, list everything and pick


class Repository:
    """The repository around the current directory.

    Raises:
        GitError: git is missing, or this is not a repository.
    """

    def __init__(self) -> None:
        self._git = executable()
        self._env = environment()
        asked = (
            "--absolute-git-dir",
            "--git-common-dir",
            "--show-object-format",
            "--is-bare-repository",
            "--show-prefix",
        )
        answer = self._run("rev-parse", "--path-format=absolute", *asked, tolerate=True)
        parts = answer.out.split(b"\n")
        if answer.code or len(parts) < 5:  # noqa: PLR2004 - one line for each thing asked, and no prefix in a bare one
            raise GitError(f"not a git repository, or git cannot read it: {first_line(answer.err) or os.getcwd()}")
        self.git_dir, self.common_dir = (os.fsdecode(part) for part in parts[:2])
        self.empty_tree = EMPTY_TREES[parts[2].decode()]
        self.bare = parts[3] == b"true"
        self.prefix = "" if self.bare else text(parts[4])
        self.derived: set[str] | None = None  # what has been derived in this run, where nothing older is believed
        here = os.getcwd()
        self.top = here[: -len(self.prefix)] if self.prefix else here

    def _run(
        self, *args: str, stdin: bytes = b"", tolerate: bool = False, variables: Mapping[str, str] | None = None
    ) -> process.Completed:
        command = [self._git, *SETTINGS, *args]
        env = {**self._env, **variables} if variables else self._env
        done = process.run(command, stdin=stdin, env=env, timeout=_TIMEOUT)
        if done.code and not tolerate:
            raise GitError(f"git {verb(args)} failed: {first_line(done.err) or f'exit code {done.code}'}")
        return done

    def ask(self, *args: str, stdin: bytes = b"", variables: Mapping[str, str] | None = None) -> process.Completed:
        """Run a git command for another adapter, whatever it ends with; ``variables`` go on top of its environment."""
        return self._run(*args, stdin=stdin, tolerate=True, variables=variables)

    def read_also(self, folder: str) -> None:
        """Look for objects in ``folder`` too."""
        known = self._env.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")
        self._env["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = os.pathsep.join(filter(None, (folder, known)))

    def _line(self, *args: str) -> str:
        """Return the first line that git prints, or "" where it fails."""
        done = self._run(*args, tolerate=True)
        return "" if done.code else text(done.out.split(b"\n", 1)[0])

    def staged(self, *, amended: bool = False) -> tuple[Change, ...]:
        """Return what the commit in the making changes.

        A merge in progress has only the paths that differ from every parent. With
        ``amended`` the base is what the current commit was made from.
        """
        if amended:
            parents = self._line("rev-list", "--parents", "--max-count=1", "HEAD").split()[1:]
            return self._against(parents or [self.empty_tree])
        return self._against(["HEAD", *self.merge_heads()])

    def merge_heads(self) -> list[str]:
        """Return the commits that are being merged; none if no merge is in progress."""
        try:
            with open(os.path.join(self.git_dir, "MERGE_HEAD"), encoding="ascii") as file:
                return file.read().split()
        except FileNotFoundError:
            return []

    def _against(self, bases: Sequence[str]) -> tuple[Change, ...]:
        sides = [self._cached(base) for base in bases]
        shared = set.intersection(*({change.path for change in side} for side in sides))
        return tuple(change for change in sides[0] if change.path in shared)

    def _cached(self, base: str) -> tuple[Change, ...]:
        args = ("diff-index", "--cached", "--ita-invisible-in-index", *RAW, "--find-renames", base, "--")
        done = self._run(*args, tolerate=True)
        if done.code and base == "HEAD" and not self._line("rev-parse", "--verify", "--quiet", "HEAD^{commit}"):
            done = self._run(*(self.empty_tree if arg == "HEAD" else arg for arg in args))
        elif done.code:
            raise GitError(f"git diff-index failed: {first_line(done.err)}")
        return tuple(parse_changes(done.out.split(b"\0")))

    def between(self, start: str, end: str) -> tuple[Change, ...]:
        """Return what ``end`` changes since it and ``start`` parted; an all-zero start is the empty tree.

        Raises:
            UsageError: a revision does not exist here, as happens in a shallow clone.
        """
        base = self.empty_tree
        if start.strip("0"):
            base = self._line("merge-base", self.commit(start), self.commit(end))
            if not base:
                raise UsageError(f"{start} and {end} have no common ancestor here: fetch the missing history first")
        done = self._run("diff-tree", *RAW, "--find-renames", base, self.commit(end), "--")
        return tuple(parse_changes(done.out.split(b"\0")))

    def commit(self, revision: str) -> str:
        """Return the full id of the commit that ``revision`` names, or raise ``UsageError``."""
        return self._named(revision, "commit")

    def tree_of(self, revision: str) -> str:
        """Return the id of the tree that ``revision``, a commit or a tree, leads to, or raise ``UsageError``."""
        return self._named(revision, "tree")

    def _named(self, revision: str, kind: str) -> str:
        found = self._line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{{kind}}}")
        if not found or found.startswith("^"):
            raise UsageError(f"no such commit here: {revision}: a typing error, or history that was not fetched")
        return found

    def path_of(self, name: str) -> str:
        """Return the path, from the top of the work tree, that ``name`` has in the current directory."""
        path = os.path.normpath(os.path.join(self.top, self.prefix, name))
        if os.path.isabs(name) and not path.startswith(os.path.join(self.top, "")):
            path = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        return os.path.relpath(path, self.top)

    def listed(self, revision: str = "", paths: Sequence[str] = ()) -> Iterator[Change]:
        """Yield every file of the index, or of ``revision``, as a whole; with ``paths`` (from the top) only those."""
        wanted = frozenset(paths)
        pathspec = paths if len(wanted) <= _MOST_PATHSPECS else ()
        if revision:
            done = self._run("ls-tree", "-r", "-z", "--full-tree", self.tree_of(revision), "--", *pathspec)
        else:
            done = self._run("-C", self.top, "ls-files", "--stage", "-z", "--", *pathspec)
        for record in done.out.split(b"\0"):
            head, _, name = record.partition(b"\t")
            path = text(name)
            if head and (not wanted or path in wanted):
                mode, *ids = head.decode().split(" ")
                yield Change(ChangeKind.NAMED, path, mode=mode, blob=ids[1] if revision else ids[0])

    def unstaged(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Return which of ``paths`` have changes in the work tree that are not in the index."""
        names = paths if len(paths) <= _MOST_PATHSPECS else ()
        options = ("--name-only", "-z", "--diff-filter=d", "--ignore-submodules=all")
        done = self._run("-C", self.top, "diff-files", *options, "--", *names, tolerate=True)
        return tuple(text(name) for name in done.out.split(b"\0") if name)

    def blobs(self, oids: Iterable[str], limit: int) -> BlobReader:
        """Read blobs, each up to ``limit`` bytes; what does not exist here is in ``missing``."""
        reader = BlobReader(limit)
        wanted = "".join(f"{oid}\n" for oid in dict.fromkeys(oids) if oid)
        if wanted:
            command = [self._git, *SETTINGS, "cat-file", "--batch"]
            done = process.run(command, stdin=wanted.encode(), env=self._env, timeout=_TIMEOUT, sink=reader.feed)
            if done.code:
                raise GitError(f"git cat-file failed: {first_line(done.err)}")
        return reader

    def file(self, spec: str) -> bytes | None:
        """Return the bytes of ``REVISION:PATH``, or of ``:PATH`` in the index; None where there is no such file.

        Raises:
            GitError: the file is there and git cannot read it, as in a partial clone.
        """
        done = self._run("cat-file", "blob", spec, tolerate=True)
        if not done.code:
            return done.out
        if any(reason in done.err for reason in _NO_SUCH_FILE):
            return None
        raise GitError(f"git cannot read {spec}: {first_line(done.err)}")

    def hash_object(self, data: bytes) -> str:
        """Return the blob id that ``data`` would have."""
        return self._run("hash-object", "--stdin", stdin=data).out.decode().strip()

    def log(self, arguments: Sequence[str]) -> Iterator[Commit]:
        """Yield the commits that ``git log`` lists for ``arguments``, oldest first, without following renames."""
        return self._log("--reverse", *arguments)

    def commits(self, ids: Iterable[bytes]) -> Iterator[Commit]:
        """Yield the commits with these ids, in their order.

        Raises:
            UsageError: something that is no commit id.
            ProcessError: git does not have one of them.
        """
        words = filter(None, (line.strip() for line in ids))
        while batch := list(islice(words, _IDS_A_CALL)):
            for word in batch:
                if not _ID.fullmatch(word):
                    raise UsageError(f"not the id of a commit: {text(word)}")
            yield from self._log("--no-walk=unsorted", *(word.decode() for word in batch), "--")

    def _log(self, *arguments: str) -> Iterator[Commit]:
        settings = (*SETTINGS, "-c", "log.showSignature=false")
        command = [self._git, *settings, "log", *_LOG, f"--format={LOG_FORMAT}", *arguments]
        for commit in parse_log(fields(process.stream(command, env=self._env))):
            yield self._as_stored(commit) if commit.is_misread else commit

    def _as_stored(self, commit: Commit) -> Commit:
        """Read a commit without what git makes of its message, which it turns into UTF-8 whatever it is asked for."""
        found = self.blobs([commit.id], _MOST_MESSAGE).blobs.get(commit.id)
        if found is None or not found.whole:
            raise GitError(f"the message of {commit.id[:12]} declares an odd encoding, and cannot be read without it")
        return as_stored(commit, found.data)

    def head(self) -> str:
        """Return the id of the current commit, or "" before the first one."""
        return self._line("rev-parse", "--verify", "--quiet", "HEAD^{commit}")

    def has(self, revision: str) -> bool:
        """Tell whether ``revision`` names a commit here."""
        return bool(self._line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"))

    def tree(self) -> str:
        """Return the id of the tree that a commit of the index would have, or "" while it has conflicts."""
        return self._line("write-tree")

    def variables(self) -> dict[str, str]:
        """Return git's settings by name in lower case, and ``GIT_AUTHOR_IDENT`` and ``GIT_COMMITTER_IDENT``.

        One call for all of them. Where git does not know who commits, the two are missing.
        """
        done = self._run("var", "-l", tolerate=True)
        return dict(line.split("=", 1) for line in text(done.out).split("\n") if "=" in line)

    def is_amend(self) -> bool:
        """Tell whether the commit in the making probably replaces the current one: it has its author and date.

        Git tells its hooks nothing of ``--amend``. Ask this only where git's command line
        cannot be read; ``--reset-author`` escapes it, and so do two commits in one second.
        """
        name, email, when = (os.environ.get(f"GIT_AUTHOR_{part}", "") for part in ("NAME", "EMAIL", "DATE"))
        form = ("--no-show-signature", "--date=raw", "--format=%an|%ae|@%ad")
        return bool(when) and self._line("log", "--max-count=1", *form, "HEAD") == f"{name}|{email}|{when}"


_LOG = (
    *("--raw", "-z", "--no-abbrev", "--no-renames", "-c", "--root", "--no-ext-diff", "--no-textconv", "--no-notes"),
    *("--no-relative", "--ignore-submodules=none", "--encoding=UTF-8", f"-O{os.devnull}"),
)


def is_file(change: Change) -> bool:
    """Tell whether ``change`` leaves a blob that can be examined: no deletion, no submodule."""
    return bool(change.blob) and change.mode != SUBMODULE_MODE
