"""Find, write and stage the files of approvals, and remember what was found out about them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from sayso.adapters.git import GitError, Repository
from sayso.adapters.raw import text
from sayso.adapters.records import Records
from sayso.model import Change, ChangeKind, SaysoError

MOST_FILES = 25_000
_MOST_RECORDS = 2_000
_BATCH = 64


class ApprovalError(SaysoError):
    """The files of approvals cannot be read or written."""


def listed(repo: Repository, at: str, folder: str) -> tuple[Change, ...]:
    """Return what is in ``folder``, and in its subfolders, at a commit or a tree; "" is the index.

    Raises:
        ApprovalError: there are more files than can be looked at.
    """
    if at:
        done = repo.ask("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", at, folder)
    else:
        done = repo.ask("-C", repo.top, "ls-files", "--stage", "-z", "--", folder)
    if done.code:
        raise GitError(f"git cannot list {folder}: {text(done.err[:200])}")
    records = done.out.split(b"\0")[:-1]
    if len(records) > MOST_FILES:
        raise ApprovalError(f"{folder} has more than {MOST_FILES} files: remove approvals of content that is gone")
    found = []
    for record in records:
        head, _, name = record.partition(b"\t")
        mode, *ids = head.decode().split(" ")
        found.append(Change(ChangeKind.NAMED, text(name), mode=mode, blob=ids[1] if at else ids[0]))
    return tuple(found)


def contents(repo: Repository, files: Sequence[Change], most: int) -> Iterator[tuple[Change, bytes | None]]:
    """Yield each file with its bytes, or None where git does not have them; one byte too many says "too large"."""
    for start in range(0, len(files), _BATCH):
        batch = files[start : start + _BATCH]
        reader = repo.blobs((file.blob for file in batch), most + 1)
        for file in batch:
            blob = reader.blobs.get(file.blob)
            yield file, blob.data if blob else None


def is_shallow(repo: Repository) -> bool:
    """Tell whether the history ends before its beginning."""
    return os.path.exists(os.path.join(repo.common_dir, "shallow"))


def root(repo: Repository, revision: str) -> str:
    """Return the id of the first commit behind ``revision``, the smallest one if there are several.

    Raises:
        ApprovalError: the history here does not go back that far.
    """
    if is_shallow(repo):
        raise ApprovalError("this clone is shallow, and its first commit is not here: git fetch --unshallow")
    done = repo.ask("rev-list", "--max-parents=0", repo.commit(revision), "--")
    ids = sorted(done.out.decode().split())
    if done.code or not ids:
        raise ApprovalError(f"git cannot tell the first commit behind {revision}: {text(done.err[:200])}")
    return ids[0]


class Known:
    """What was found out before: a cache in the git directory, which whoever owns the machine could forge.

    With ``believe`` off nothing is taken from it.
    """

    def __init__(self, repo: Repository, *, believe: bool) -> None:
        self._repo = repo
        self._records = Records(os.path.join(repo.common_dir, "sayso", "reviews"), "an answer about an approval")
        self._believe = believe
        self._put = 0

    @property
    def damaged(self) -> list[str]:
        """A message for every answer that had to be discarded."""
        return self._records.damaged

    def answer(self, parts: Sequence[bytes]) -> str | None:
        """Return what was kept about ``parts``, or None."""
        return self._records.get(_key(parts), lambda body: body.decode("utf-8", "replace")) if self._believe else None

    def keep(self, parts: Sequence[bytes], answer: str) -> None:
        """Keep an answer."""
        self._records.put(_key(parts), answer.encode("utf-8", "replace"))
        self._put += 1

    def tidy(self) -> None:
        """Forget the oldest answers, if any has come on top."""
        if self._put:
            self._records.prune(_MOST_RECORDS)

    def is_behind(self, commit: str, revision: str) -> bool:
        """Tell whether ``commit`` is among what led to ``revision``; the way there is remembered.

        A history is walked as a whole once: after that only from the commit that was last seen to have it.
        """
        there = self._repo.commit(revision)
        seen = self.answer((b"behind", commit.encode())) or ""
        if seen == there:
            return True
        near = bool(seen) and self._leads(seen, there)
        if not near and not self._leads(commit, there):
            return False
        self.keep((b"behind", commit.encode()), there)
        return True

    def _leads(self, commit: str, revision: str) -> bool:
        return not self._repo.ask("merge-base", "--is-ancestor", commit, revision).code


def _key(parts: Sequence[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d:" % len(part) + part)
    return digest.hexdigest()


def write(repo: Repository, folder: str, files: Mapping[str, bytes]) -> None:
    """Write files into a folder of the work tree, made if need be, through no symbolic link.

    Raises:
        ApprovalError: something is in the way.
    """
    at = os.open(repo.top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in folder.split("/"):
            at = _enter(at, part, folder)
        for name, data in files.items():
            _put(at, name, data, folder)
    finally:
        os.close(at)


def _enter(at: int, part: str, folder: str) -> int:
    try:
        with suppress(FileExistsError):
            os.mkdir(part, 0o777, dir_fd=at)
        inside = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
    except OSError as exc:
        raise ApprovalError(f"{folder}: {part} is no folder here, or a symbolic link: {exc.strerror}") from exc
    os.close(at)
    return inside


def _put(at: int, name: str, data: bytes, folder: str) -> None:
    beside = f".{name}.{os.getpid()}.tmp"
    try:
        fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666, dir_fd=at)
        with open(fd, "wb") as file:
            file.write(data)
        os.replace(beside, name, src_dir_fd=at, dst_dir_fd=at)
    except OSError as exc:
        raise ApprovalError(f"cannot write {folder}/{name}: {exc.strerror}") from exc


def stage(repo: Repository, files: Mapping[str, bytes]) -> None:
    """Put files into the index byte for byte, whatever filters or ignores their paths.

    Raises:
        GitError: git refuses, as while another process holds the index.
    """
    lines = []
    for path, data in files.items():
        made = repo.ask("hash-object", "-w", "--no-filters", "--stdin", stdin=data)
        if made.code:
            raise GitError(f"git cannot keep {path}: {text(made.err[:200])}")
        lines.append(b"100644 " + made.out.strip() + b"\t" + path.encode("utf-8", "surrogateescape") + b"\0")
    done = repo.ask("-C", repo.top, "update-index", "--add", "-z", "--index-info", stdin=b"".join(lines))
    if done.code:
        raise GitError(f"git cannot stage the approval: {text(done.err[:200])}")
