"""Characters that are not what they look like: hidden ones, and letters that pass for others.

Hidden characters that a script or an emoji needs are let through: joiners
inside emoji and between letters of Arabic, Indic and other joining scripts,
direction marks on lines that hold right-to-left letters, variation selectors
after what they vary, flag tags, and a byte order mark at the very start.
"""

# ruff: noqa: PLR2004, RUF001 - code points and characters that look alike are the subject

from __future__ import annotations

import re
import unicodedata
from functools import cache

_SUSPECT = (
    "\x00-\x08\x0e-\x1f\x7f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_JOINING = ((0x0600, 0x08FF), (0x0900, 0x0DFF), (0x0E00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x18AF), (0xA800, 0xABFF))
_DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
_OPENING, _CLOSING = "\u202a\u202b\u2066\u2067\u2068", "\u202c\u2069"
_LOOKALIKES = (
    ("АВЕЅІЈКМНОРСТУХԚԜҮ", "ABESIJKMHOPCTYXQWY"),
    ("аеѕіјорсухԛԝһԁҽӏгкмтпѵв", "aesijopcyxqwhdelrkmtnvb"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    ("αενικορτυωγϲϳηѡ", "aevikoptuwycjnw"),
    ("ıɡɩɑʟɪꜱᴄᴠᴜᴇʀᴀɴʙᴅᴏᴘᴛᴍᴋʜᴊᴡʏᴢ", "igialiscvueranbdoptmkhjwyz"),
    ("ՕՍԼօսոհց", "OULounhg"),
    ("ꓢꓰꓚꓴꓣꓮꓐꓓꓖꓧꓲꓡꓟꓠꓳꓑꓔꓦ", "SECURABDGHILMNOPTV"),
    ("ЅᏚᎬᏟᎡᎪᏴᎠᎻᎷᏢᎢᏙ", "SSECRABDHMPTV"),
    ("‐‑‒–—―−", "-------"),
    ("‘’‚‛′“”„″", "'''''" + '""""'),
    ("✓✔☑🗸🟢✔", "✅✅✅✅✅✅"),
    ("✗✘❎🔴🚫", "❌❌❌❌❌"),
    ("│┃║┆┇┊┋", "|||||||"),
)


@cache
def _suspect() -> re.Pattern[str]:
    return re.compile(f"[{_SUSPECT}]")


@cache
def _table() -> dict[int, str]:
    table = {ord(a): b for source, target in _LOOKALIKES for a, b in zip(source, target, strict=False)}
    drawing = [*range(0x2500, 0x2502), *range(0x250C, 0x2551), *range(0x2552, 0x25A0)]
    return table | dict.fromkeys(drawing, " ")


@cache
def _marks() -> re.Pattern[str]:
    return re.compile(f"[{_MARKS}]+")


def fold(text: str) -> str:
    """Give ``text`` the letters it seems to have: no compatibility forms, accents, look-alikes or hidden ones."""
    if text.isascii():
        return _suspect().sub("", text) if not text.isprintable() else text
    text = _suspect().sub("", text)
    text = unicodedata.normalize("NFKC", _marks().sub("", unicodedata.normalize("NFKD", text)))
    return text.translate(_table())


def find_hidden(text: str) -> list[tuple[int, str]]:
    """Return line number and description, with name and code point, of each kind of hidden character on a line."""
    if text.isascii() and text.isprintable():
        return []
    found: dict[tuple[int, str], None] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for match in _suspect().finditer(line):
            at = match.start()
            if not (number == 1 and at == 0 and line[0] == "\ufeff") and not _is_needed(line, at):
                found[number, describe(line[at])] = None
    return list(found)


def describe(char: str) -> str:
    """Name a character in words and by code point."""
    point = ord(char)
    names = {0x00: "NULL", 0x08: "BACKSPACE", 0x1B: "ESCAPE", 0x7F: "DELETE"}
    name = unicodedata.name(char, "") or names.get(
        point, "CONTROL CHARACTER" if point < 0xA0 else "UNASSIGNED CHARACTER"
    )
    return f"{name} (U+{point:04X})"


def _is_needed(line: str, at: int) -> bool:
    char, before = line[at], line[at - 1 : at]
    after = line[at + 1 : at + 2]
    if char in "\u200c\u200d":
        return (_joins(before) and (_joins(after) or not after.strip())) or (
            char == "\u200d" and _is_pictogram(before) and _is_pictogram(after)
        )
    if char in _DIRECTION:
        return _has_rtl(line) and sum(map(line.count, _OPENING)) == sum(map(line.count, _CLOSING))
    if "\ufe00" <= char <= "\ufe0f":
        return (
            bool(before)
            and not before.isspace()
            and (before in "0123456789#*" or not before.isascii())
            and (not before.isalpha() or _is_ideograph(before) or _joins(before))
            and not _suspect().match(before)
        )
    if "\U000e0100" <= char <= "\U000e01ef":
        return _is_ideograph(before)
    if "\U000e0020" <= char <= "\U000e007f":
        return _is_flag(line, at)
    return "\u180b" <= char <= "\u180f" and _joins(before)


def _joins(char: str) -> bool:
    return bool(char) and any(low <= ord(char) <= high for low, high in _JOINING)


def _is_pictogram(char: str) -> bool:
    return bool(char) and (
        char == "\ufe0f" or (unicodedata.category(char) in ("So", "Sk") and ord(char) > 0x2000) or char in "♀♂⚕⚖✈❤"
    )


def _is_ideograph(char: str) -> bool:
    return bool(char) and (
        0x3000 <= ord(char) <= 0x9FFF or 0xF900 <= ord(char) <= 0xFAFF or 0x20000 <= ord(char) <= 0x3FFFF
    )


def _has_rtl(line: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") and char not in _DIRECTION for char in line)


def _is_flag(line: str, at: int) -> bool:
    """Tell a flag of a region, a black flag with at most six tags and an end, from text smuggled in tags."""
    start = at
    while start > 0 and at - start < 8 and "\U000e0020" <= line[start - 1] <= "\U000e007f":
        start -= 1
    return start > 0 and line[start - 1] == "\U0001f3f4" and "\U000e007f" in line[at : at + 8]
