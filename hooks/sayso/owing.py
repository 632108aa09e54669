"""One kind of evidence that a change owes. On its own, so that whoever knows it need not load how it is found."""

from __future__ import annotations

from typing import NamedTuple


class Owed(NamedTuple):
    """One kind of evidence that a change owes.

    Attributes:
        kind: the kind.
        duties: the ids of the duties that ask for it.
        because: the signals that led there, each a rule id, ``ai``, or a path where the path alone is the reason.
        paths: the files that it is owed for; () where the change as a whole is meant.
        cases: what the tests must show.
    """

    kind: str
    duties: tuple[str, ...]
    because: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
