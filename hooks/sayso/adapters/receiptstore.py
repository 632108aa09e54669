"""Keep receipts, and the log of commits that nothing examined, in ``sayso/`` of the git common directory.

Linked worktrees share them. Neither is a proof: both lie where whoever commits can write.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from sayso.adapters.git import Repository
from sayso.adapters.records import LedgerError, Records
from sayso.receipts import Receipt, Unverified, decode, encode, read_log, write_log

_MOST = 500
_MOST_NOTED = 200
_LOG_BYTES = 1 << 18
_STATES = ("CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "sequencer")
_TAIL = 8192


class Receipts:
    """The receipts of one repository."""

    def __init__(self, common_dir: str) -> None:
        self._records = Records(os.path.join(common_dir, "sayso", "receipts"), "receipt")

    def outcomes(self, tree: str, hooks: Iterable[str]) -> dict[str, str]:
        """Return what those of ``hooks`` have said of ``tree`` that have examined it.

        Raises:
            LedgerError: a receipt is there and cannot be read.
        """
        keys = {hook: f"{tree}-{hook}" for hook in hooks}
        found = {hook: self._records.get(key, decode) for hook, key in keys.items()}
        return {hook: item.outcome for hook, item in found.items() if item and item.key == keys[hook]}

    def put(self, receipt: Receipt) -> None:
        """Keep ``receipt``; now and then the oldest are forgotten, so that about 500 stay.

        Raises:
            LedgerError: it cannot be written.
        """
        self._records.put(receipt.key, encode(receipt))
        if receipt.tree.startswith("0"):  # a walk over all of them, which one commit in sixteen can bear
            self._records.prune(_MOST)


class UnverifiedLog:
    """The commits that nothing examined; the newest 200 are kept."""

    def __init__(self, common_dir: str) -> None:
        self._path = os.path.join(common_dir, "sayso", "unverified.log")

    def entries(self) -> tuple[Unverified, ...]:
        """Return what is noted, oldest first.

        Raises:
            LedgerError: the log is there and cannot be read.
        """
        try:
            fd = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
            with open(fd, "rb") as file:
                return read_log(file.read(_LOG_BYTES).decode("ascii", "replace"))
        except FileNotFoundError:
            return ()
        except OSError as exc:
            raise LedgerError(f"cannot read {self._path}: {exc.strerror}") from exc

    def note(self, entry: Unverified) -> None:
        """Add a commit, unless it is there.

        Raises:
            LedgerError: the log cannot be written.
        """
        entries = self.entries()
        if entry not in entries:
            self.replace((*entries, entry)[-_MOST_NOTED:])

    def replace(self, entries: Iterable[Unverified]) -> None:
        """Write the log anew; raises ``LedgerError``."""
        beside = f"{self._path}.{os.getpid()}.tmp"
        try:
            os.makedirs(os.path.dirname(self._path), exist_ok=True)
            fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            with open(fd, "wb") as file:
                file.write(write_log(entries).encode("ascii"))
            os.replace(beside, self._path)
        except OSError as exc:
            raise LedgerError(f"cannot write {self._path}: {exc.strerror}") from exc


def git_is_busy(repo: Repository) -> bool:
    """Tell whether git is in the middle of a rebase, a cherry-pick or a revert."""
    return any(os.path.lexists(os.path.join(repo.git_dir, name)) for name in _STATES)


def last_action(repo: Repository) -> tuple[str, str]:
    """Return the commit that HEAD was at before its newest move, and what the reflog calls that move, if it is kept."""
    try:
        with open(os.path.join(repo.git_dir, "logs", "HEAD"), "rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - _TAIL))
            line = file.read().rstrip(b"\n").rpartition(b"\n")[2].decode("utf-8", "replace")
    except OSError:
        return "", ""
    head, _, action = line.partition("\t")
    return head.partition(" ")[0], action


def tree_of(repo: Repository, revision: str) -> str:
    """Return the id of the tree of a commit, or "" where there is no such commit."""
    done = repo.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}")
    return "" if done.code else done.out.decode("ascii", "replace").strip()
