"""Fold a text to lower case without moving anything in it, so that places in both are the same."""

from __future__ import annotations

# Letters that a pattern takes for Latin ones when it ignores case.
_ALIKE = {0x17F: "s", 0x131: "i", 0x212A: "k"}


def fold(text: str) -> str:
    """Return ``text`` in lower case, character by character; a letter that would become two stays as it is."""
    folded = text.lower()
    if len(folded) != len(text):
        folded = "".join(low if len(low) == 1 else char for char, low in ((char, char.lower()) for char in text))
    return folded if folded.isascii() else folded.translate(_ALIKE)
