"""What the check hands to the readers, and what it gets back; apart, since every change pays for this module."""

from __future__ import annotations

import re
from typing import NamedTuple

from sayso.model import AddedLine


class Sign(NamedTuple):
    """Something to tell of: a rule's id, the place, what it is about, and a sentence.

    ``line`` is a number, or what is written there: only what a person gets to read is looked for, which takes time.
    ``mild`` says that it is only worth a note here, whatever the rule weighs elsewhere.
    """

    rule: str
    line: int | str
    what: str
    message: str
    mild: bool = False


class Look(NamedTuple):
    """One changed file as the checks see it; ``before`` is "" where what stood there was another kind of file."""

    path: str
    text: str
    before: str
    added: tuple[AddedLine, ...]

    def line_of(self, written: str) -> int:
        """Return the first added line that has ``written`` as a whole, else the first line, else 0."""
        if not written:
            return 0
        whole = re.compile(rf"(?<![\w-]){re.escape(written)}(?![\w-])")
        found = next((line.number for line in self.added if written in line.text and whole.search(line.text)), 0)
        if not found:
            place = whole.search(self.text)
            found = self.text.count("\n", 0, place.start()) + 1 if place else 0
        return found
