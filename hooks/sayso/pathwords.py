"""Read a path the way a person reads it: as words, whatever the case, the script or the characters that hide in it.

``authors.py`` holds the word "authors" and not "auth"; ``AuthZPolicy.java`` holds
"auth", "z" and "policy" and, unsplit, "authzpolicy". Letters that only look
Latin are read as the Latin ones, so that a Cyrillic a does not hide ``auth/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# U+0131 and the like are left out on purpose: they are ordinary letters of Latin alphabets.
_CONFUSABLES = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0456\u0458\u0501\u051b\u051d"
    "\u03b1\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u0585\u057d\u0570\u217c\u0261\u0251\u04cf\u04bb",
    "abekmhopctyxsijdqw" + "aeikvoptuxouhlgalh",
)
_CHUNK = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^\W_A-Za-z0-9]+")
_MISTAKEN = re.compile(r"(?:^|(?<=/))(?:(?P<option>[-:])|(?:\.git|git~1)[. ]*(?=/|$))", re.IGNORECASE)
_INVISIBLE_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
_JOINERS = "\u200c\u200d"
_ORDINALS = "\u00aa\u00ba"
_SURROGATES = range(0xD800, 0xE000)


def fold(path: str) -> str:
    """Return ``path`` with look-alikes, accents, widths and invisible characters undone; ASCII keeps its case."""
    if path.isascii():
        return path
    import unicodedata  # noqa: PLC0415 - only names outside ASCII pay for it

    plain = (
        char
        for char in unicodedata.normalize("NFKD", path)
        if unicodedata.category(char) not in {"Mn", "Me", "Cf", "Cc"}
    )
    return "".join(char if char.isascii() else char.casefold().translate(_CONFUSABLES) for char in plain)


def pieces(segment: str) -> list[str]:
    """Split a folded path segment into lower-case words at separators, case changes and digits."""
    return [piece.lower() for piece in _PIECE.findall(segment)]


def chunks(segment: str) -> list[str]:
    """Split a folded path segment at separators only, so that ``OAuth2`` and ``k8s`` stay whole."""
    return [chunk.lower() for chunk in _CHUNK.findall(segment)]


def disguises(path: str) -> tuple[str, ...]:
    """Say in which ways ``path`` reads as something that it is not; () for an ordinary name in any one script."""
    if path.isascii() and path.isprintable() and not _MISTAKEN.search(path):
        return ()
    return tuple(dict.fromkeys(_disguises(path)))


def _disguises(path: str) -> Iterator[str]:
    for match in _MISTAKEN.finditer(path):
        if match["option"]:
            yield f"name that starts with {match['option']!r}, which commands take for an option or a pathspec"
        else:
            yield "name that some file systems take for .git"
    yield from _odd_characters(path)


def _odd_characters(path: str) -> Iterator[str]:
    import unicodedata  # noqa: PLC0415 - only odd names pay for it

    for index, char in enumerate(path):
        category = unicodedata.category(char)
        if category == "Cc":
            yield f"control character U+{ord(char):04X}"
        elif (category == "Cf" and not _joins(path, index)) or char in _INVISIBLE_LETTERS or category in {"Zl", "Zp"}:
            yield f"invisible or direction-changing character U+{ord(char):04X}"
        elif ord(char) in _SURROGATES:
            yield "bytes that are not UTF-8"
        elif category[0] == "L" and not char.isascii() and char not in _ORDINALS:
            compatible = unicodedata.normalize("NFKC", char)
            if compatible != char and compatible.isascii():
                yield f"character that only looks like {compatible!r}: U+{ord(char):04X}"
    if unicodedata.normalize("NFC", path) != path:
        yield "name that is not in normal form NFC"
    for word in _CHUNK.findall(path):
        alien = next((char for char in word if not char.isascii() and ord(char.lower()) in _CONFUSABLES), "")
        if alien and any(char.isascii() and char.isalpha() for char in word):
            yield f"letter of another script among Latin ones: U+{ord(alien):04X}"


def _joins(path: str, index: int) -> bool:
    """Tell whether a joiner stands between characters outside ASCII, as Persian, Indic scripts and emoji need it."""
    return (
        path[index] in _JOINERS and not path[index - 1 : index].isascii() and not path[index + 1 : index + 2].isascii()
    )
