"""Fold a text to lower case, or to what could hold a token, so that most searches see only little of it."""

from __future__ import annotations

# No token is shorter, so neither is the word that it stands in.
SHORTEST = 16

# Letters that a pattern takes for Latin ones when it ignores case.
_ALIKE = {0x17F: "s", 0x131: "i", 0x212A: "k"}


def fold(text: str) -> str:
    """Return ``text`` in lower case, character by character; a letter that would become two stays as it is."""
    folded = text.lower()
    if len(folded) != len(text):
        folded = "".join(low if len(low) == 1 else char for char, low in ((char, char.lower()) for char in text))
    return folded if folded.isascii() else folded.translate(_ALIKE)


def dense(text: str) -> str:
    """Return the long words of ``text``, one a line: what has no blank in it and is not here is not in the text."""
    return "\n".join([word for word in text.split() if len(word) >= SHORTEST])
