"""Keep evidence in ``sayso/`` of the git common directory, so that linked worktrees share it.

The ledger is a cache. A damaged record is named, discarded and derived again; an
undamaged one could still have been forged by whoever owns the machine, which is why
CI derives evidence anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from sayso.adapters.records import LedgerError, Records
from sayso.evidence import IMPORT, Evidence, EvidenceError, Subject, decode, encode

__all__ = ["Ledger", "LedgerError"]


class Ledger:
    """The evidence of one repository.

    Where ``derived`` is a set, nothing is believed but what this run has derived itself, which the set collects, and
    reports that were imported, which cannot be derived.
    """

    def __init__(self, common_dir: str, derived: set[str] | None = None) -> None:
        self._records = Records(os.path.join(common_dir, "sayso", "evidence"), "evidence")
        self._derived = derived

    @property
    def damaged(self) -> list[str]:
        """A message for every record that had to be discarded."""
        return self._records.damaged

    def get(self, subject: Subject) -> Evidence | None:
        """Return the evidence for ``subject``, or None where there is none to be believed.

        Raises:
            LedgerError: the file is there and cannot be read.
        """
        key = subject.key
        if self._derived is not None and key not in self._derived and subject.check != IMPORT:
            return None
        return self._believed(key)

    def _believed(self, key: str) -> Evidence | None:
        def read(body: bytes) -> Evidence:
            evidence = decode(body)
            if evidence.subject.key != key:
                raise EvidenceError("it is about something else than its name says")
            return evidence

        return self._records.get(key, read)

    def put(self, evidence: Evidence) -> None:
        """Keep ``evidence``; one with tens of thousands of findings is scanned again rather than read back.

        Raises:
            LedgerError: it cannot be written; nothing half-written is left in place.
        """
        key = evidence.subject.key
        self._records.put(key, encode(evidence))
        if self._derived is not None:
            self._derived.add(key)

    def __iter__(self) -> Iterator[Evidence]:
        """Yield every record that can be believed, in the order of their keys."""
        for key in self._records.keys():  # noqa: SIM118 - no mapping
            evidence = self._believed(key)
            if evidence:
                yield evidence
