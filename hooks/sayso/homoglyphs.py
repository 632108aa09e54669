"""Names in code that are not what they look like: letters of another script among Latin ones.

A name in any one script is nobody's business, and neither is a Greek letter of a
formula: only a word that, with its look-alikes undone, is plain ASCII can be taken
for another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from sayso import pathwords

_WORD = r"[^\W\d]\w{1,80}"
_GREEK = ("\u0370", "\u03ff")
_LOOKS_LATIN = "\u03bf\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
_STRING = r"\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|`(?:[^`\\\n]|\\.)*+`?"


class Alike(NamedTuple):
    """A word that looks like another: as it is, what it looks like, and the letters that deceive."""

    word: str
    looks: str
    letters: str


@cache
def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def mixed(line: str) -> Iterator[Alike]:
    """Yield the words of a line that mix scripts and read as plain ASCII."""
    if line.isascii():
        return
    for match in _rx(_WORD).finditer(line):
        word = match[0]
        if word.isascii():
            continue
        for part in _rx(r"[^\W\d_]{2,80}").findall(word):
            aliens = [char for char in part if not char.isascii()]
            if aliens and len(aliens) < len(part) and _deceives(part, aliens):
                yield Alike(word, pathwords.fold(word), "".join(dict.fromkeys(aliens)))
                break


def twins(line: str, names: frozenset[str]) -> Iterator[Alike]:
    """Yield the words of a line, strings left out, that are wholly of another script and look like one of ``names``."""
    if line.isascii():
        return
    for match in _rx(_WORD).finditer(_rx(_STRING).sub(" ", line)):
        word = match[0]
        letters = [char for char in word if char.isalpha()]
        if any(char.isascii() for char in letters):
            continue
        looks = pathwords.fold(word)
        if looks.isascii() and looks != word and looks in names:
            yield Alike(word, looks, "".join(dict.fromkeys(letters)))


def names_of(text: str) -> frozenset[str]:
    """Return the names of a text that are plain ASCII."""
    return frozenset(_rx(r"\b[A-Za-z_]\w{1,80}\b").findall(text))


def _deceives(part: str, aliens: list[str]) -> bool:
    """Tell letters that pass for Latin ones from accents, compatibility forms and the Greek of formulas."""
    if not all(_another_script(char) for char in aliens):
        return False
    return not all(_GREEK[0] <= char <= _GREEK[1] for char in aliens) or any(
        char in _LOOKS_LATIN or 0 < part.index(char) < len(part) - 1 for char in aliens
    )


def _another_script(char: str) -> bool:
    """Tell whether a letter is of a script that has look-alikes of Latin letters."""
    return pathwords.fold(char).isascii() and not _rx(
        "[\u00aa-\u036f\u1d00-\u1eff\u2070-\u209f\u2100-\u218f\ufb00-\ufb06\uff00-\uffef]"
    ).match(char)
