"""Keep records of runs in ``sayso/runs`` of the git common directory, so that linked worktrees share them.

The last run of each command on each tree is kept, the oldest are forgotten. What stands beside
a record, such as when it ran and how long, is kept in the same file and is no part of its id.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

from sayso.adapters.records import MOST_BYTES, LedgerError, Records
from sayso.runs import Run, RunError, decode, encode

_MOST_RECORDS = 2_000
_MOST_LOOKED_AT = 50


class RunLedger:
    """The runs of one repository."""

    def __init__(self, common_dir: str) -> None:
        self._root = os.path.join(common_dir, "sayso", "runs")
        self._records = Records(self._root, "the record of a run")

    @property
    def damaged(self) -> list[str]:
        """A message for every record that had to be discarded."""
        return self._records.damaged

    def __bool__(self) -> bool:
        """Tell whether there is any record."""
        return any(True for _ in self._records.keys())  # noqa: SIM118 - no mapping

    def put(self, run: Run, beside: Mapping[str, Any]) -> None:
        """Keep ``run``, in place of an earlier one of the same command on the same tree.

        Raises:
            LedgerError: it cannot be written, or names too many tests; nothing half-written is left in place.
        """
        body = encode(run) + b"\n" + json.dumps(beside, sort_keys=True).encode("ascii")
        if len(body) > MOST_BYTES:
            raise LedgerError(f"the report names too many tests for a record of {MOST_BYTES >> 20} MiB: split the run")
        self._records.put(run.key, body)
        self._records.prune(_MOST_RECORDS)

    def of_tree(self, tree: str) -> list[Run]:
        """Return the runs on a tree, in the order of their keys.

        Raises:
            LedgerError: a record is there and cannot be read.
        """
        return [run for key in self._keys(tree) if (run := self._run(key))]

    def forget(self, run: Run) -> bool:
        """Forget the last run of a command on a tree; return whether there was one."""
        try:
            os.unlink(self._path(run.key))
        except FileNotFoundError:
            return False
        except OSError as exc:
            raise LedgerError(f"cannot forget {self._path(run.key)}: {exc.strerror}") from exc
        return True

    def others(self, kind: str, limit: int) -> list[Run]:
        """Return the last few runs of a kind, on whatever tree, newest first: for messages."""
        found: list[Run] = []
        for key in sorted(self._records.keys(), key=self._when, reverse=True)[:_MOST_LOOKED_AT]:
            run = self._run(key)
            if run and run.kind == kind:
                found.append(run)
                if len(found) == limit:
                    break
        return found

    def beside(self, run: Run) -> Mapping[str, Any]:
        """Return what was kept beside a record; {} where there is none."""

        def read(body: bytes) -> Mapping[str, Any]:
            try:
                found = json.loads(body.partition(b"\n")[2])
            except (ValueError, RecursionError) as exc:
                raise RunError(f"what stands beside it is not JSON: {exc}") from exc
            return found if isinstance(found, dict) else {}

        return self._records.get(run.key, read) or {}

    def _run(self, key: str) -> Run | None:
        def read(body: bytes) -> Run:
            run = decode(body.partition(b"\n")[0])
            if run.key != key:
                raise RunError("it is about something else than its name says")
            return run

        return self._records.get(key, read)

    def _keys(self, tree: str) -> Iterator[str]:
        """Yield the keys that begin with a tree, without a walk through all the others."""
        try:
            names = sorted(os.listdir(os.path.join(self._root, tree[:2])))
        except FileNotFoundError:
            return
        except OSError as exc:
            raise LedgerError(f"cannot read the records of runs in {self._root}: {exc.strerror}") from exc
        for name in names:
            if name.startswith(f"{tree[2:]}-") and not name.endswith(".tmp"):
                yield tree[:2] + name

    def _path(self, key: str) -> str:
        return os.path.join(self._root, key[:2], key[2:])

    def _when(self, key: str) -> float:
        try:
            return os.lstat(self._path(key)).st_mtime
        except OSError:
            return 0.0
