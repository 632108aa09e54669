"""Keep evidence in ``sayso/`` of the git common directory, so that linked worktrees share it.

One file a record, named by its key, written beside and moved into place: a
reader sees a whole record or none, whatever is killed and however many hooks
run. The ledger is a cache. A damaged record is named, discarded and derived
again; an undamaged one could still have been forged by whoever owns the
machine, which is why CI derives evidence anew.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from stat import S_ISREG

from sayso.evidence import Evidence, EvidenceError, Subject, decode, encode
from sayso.model import SaysoError

_MOST_BYTES = 4 << 20
_DIGEST_BYTES = 65


class LedgerError(SaysoError):
    """The ledger cannot be read or written."""


class Ledger:
    """The evidence of one repository.

    ``damaged`` collects a message for every record that had to be discarded.
    """

    def __init__(self, common_dir: str) -> None:
        self._root = os.path.join(common_dir, "sayso", "evidence")
        self.damaged: list[str] = []

    def get(self, subject: Subject) -> Evidence | None:
        """Return the evidence for ``subject``, or None where there is none to be believed.

        Raises:
            LedgerError: the file is there and cannot be read.
        """
        key = subject.key
        path = self._path(key)
        try:
            return self._load(path, key)
        except FileNotFoundError:
            return None
        except EvidenceError as exc:
            self._discard(path, key, str(exc))
            return None
        except OSError as exc:
            raise LedgerError(f"cannot read evidence {path}: {exc.strerror}") from exc

    def _load(self, path: str, key: str) -> Evidence:
        if not S_ISREG(os.lstat(path).st_mode):
            raise EvidenceError("it is no regular file")
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with open(fd, "rb") as file:
            data = file.read(_MOST_BYTES)
        digest, _, body = data.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            raise EvidenceError("its bytes do not have the digest that it names")
        evidence = decode(body)
        if evidence.subject.key != key:
            raise EvidenceError("it is about something else than its name says")
        return evidence

    def put(self, evidence: Evidence) -> None:
        """Keep ``evidence``.

        Raises:
            LedgerError: it cannot be written; nothing half-written is left in place.
        """
        path = self._path(evidence.subject.key)
        beside = f"{path}.{os.getpid()}.tmp"
        body = encode(evidence)
        if len(body) > _MOST_BYTES - _DIGEST_BYTES:
            return  # tens of thousands of findings in one file: it is scanned again rather than read back
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            with open(fd, "wb") as file:
                file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            os.replace(beside, path)
        except OSError as exc:
            _remove(beside)
            raise LedgerError(f"cannot keep evidence in {path}: {exc.strerror}") from exc

    def __iter__(self) -> Iterator[Evidence]:
        """Yield every record that can be believed, in the order of their keys."""
        for folder, folders, names in os.walk(self._root):
            folders.sort()
            for name in sorted(names):
                if name.endswith(".tmp"):
                    continue
                path = os.path.join(folder, name)
                key = os.path.relpath(path, self._root).replace(os.sep, "")
                try:
                    evidence = self._load(path, key)
                except FileNotFoundError:
                    continue
                except EvidenceError as exc:
                    self._discard(path, key, str(exc))
                except OSError as exc:
                    raise LedgerError(f"cannot read evidence {path}: {exc.strerror}") from exc
                else:
                    yield evidence

    def _path(self, key: str) -> str:
        return os.path.join(self._root, key[:2], key[2:])

    def _discard(self, path: str, key: str, reason: str) -> None:
        _remove(path)
        if os.path.lexists(path):
            from shutil import rmtree  # noqa: PLC0415 - nobody puts a folder there but by accident

            rmtree(path, ignore_errors=True)
        self.damaged.append(f"evidence {key[:12]} in the ledger was damaged and has been discarded: {reason}")


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
