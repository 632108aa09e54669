"""Characters that carry text nobody sees: tags, variation selectors, zero-width bits, bidi controls, escape sequences.

A payload is decoded, so that a person can read what a program was meant to. What
cannot be decoded is counted: a run of invisible characters says nothing in any script.
"""

# ruff: noqa: PLR2004 - code points are the subject

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

from sayso.unseen import describe, find_hidden

TAG, PAYLOAD, RUN, BIDI, MARK, ESCAPE = "tag", "payload", "run", "bidi", "mark", "escape"
PRIVATE, OTHER = "private", "other"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010fffd"
_BIDI = "\u202a-\u202e\u2066-\u2069"
_TAGS = "\U000e0000-\U000e007f"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_BITS = "\u200b-\u200f\u2060-\u2064\u206a-\u206f\u180e\ufeff\u202a-\u202e\u034f"
_DIRECTION = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_OVERRIDES = "\u202d\u202e"
_OPENS, _CLOSES = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068", "\u202c\u2069"
_INFORMATION = "\u2139\ufe0f"
_SHORTEST_TEXT = 3
_LONGEST_RUN = 4
_MANY = 24
_SHOWN = 80
_MOST_DECODED = 16_384


class Unseen(NamedTuple):
    """Something that is there and cannot be seen: its kind, and what to say of it.

    ``natural`` says that a language written from right to left has a use for it where it stands.
    """

    kind: str
    what: str
    natural: bool = False


@cache
def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def suspicious(text: str) -> bool:
    """Tell, as quickly as that can be done, whether ``text`` holds any character that this module knows of."""
    return bool(
        _rx(
            f"[\x00-\x08\x0e-\x1f\x7f\x9b\x9d{_INVISIBLE}\ufff0-\ufffb\U000e0000-\U000e0fff\u2028\u2029{_PRIVATE}]"
        ).search(text)
    )


def legacy(text: str) -> bool:
    """Tell text of an older encoding that was read as Latin-1, in which a soft hyphen is half of another character."""
    return not _rx("[^\x00-\xff]").search(text) and bool(_rx("[\x80-\x84\x86-\x9f]").search(text))


def unseen(line: str, *, first: bool = False) -> Iterator[Unseen]:
    """Yield what cannot be seen on a line, each kind once; ``first`` says that a byte order mark may begin it."""
    if line.isascii() and line.isprintable():
        return
    known: set[str] = set()
    for item in (*_tags(line), *_payloads(line), *_direction(line), *_escapes(line)):
        known.add(item.kind)
        yield item
    if private := _rx(f"[{_PRIVATE}]").search(line):
        yield Unseen(PRIVATE, f"PRIVATE USE CHARACTER (U+{ord(private[0]):04X})")
    rest = _untold(line.translate(_DIRECTION), known).replace(_INFORMATION, _INFORMATION[0])
    for _, what in find_hidden(rest if first else f" {rest}"):
        yield Unseen(OTHER, what)


def _untold(line: str, known: set[str]) -> str:
    """Take out of a line the characters of which something was said already."""
    told = _TAGS if TAG in known else ""
    told += "\x1b\x9b\x9d" if ESCAPE in known else ""
    told += f"{_INVISIBLE}{_SELECTORS}" if not known.isdisjoint((PAYLOAD, RUN)) else ""
    return _rx(f"[{told}]+").sub("", line) if told else line


def _tags(line: str) -> Iterator[Unseen]:
    hidden = []
    for match in _rx(f"[{_TAGS}]+").finditer(line):
        flag = match.start() > 0 and line[match.start() - 1] == "\U0001f3f4" and len(match[0]) <= 8
        if not (flag and match[0][-1] == "\U000e007f"):
            hidden.append(match[0])
    if hidden:
        text = "".join(chr(ord(char) - 0xE0000) for part in hidden for char in part[:_MOST_DECODED])
        yield Unseen(TAG, f"tag characters that spell {_quoted(text)}")


def _payloads(line: str) -> Iterator[Unseen]:
    decoded, longest = "", 0
    for match in _rx(f"[{_SELECTORS}]{{2,}}").finditer(line):
        longest = max(longest, len(match[0]))
        decoded = decoded or _readable(_selector_bytes(match[0][:_MOST_DECODED].lstrip("\ufe0f")))
    spread = [char for char in line if char in _spread_bits()] if not line.isascii() else []
    for match in _rx(f"[{_BITS}]{{8,}}").finditer(line):
        decoded = decoded or _bits(match[0][:_MOST_DECODED])
    for match in _rx(f"[{_INVISIBLE}\U000e0100-\U000e01ef]{{2,}}").finditer(line):
        longest = max(longest, len(match[0]) if len(set(match[0])) > 1 or len(match[0]) > 8 else 0)
    count = len(spread)
    if not decoded and count >= _MANY:
        decoded = _bits("".join(spread[:_MOST_DECODED]))
    if decoded:
        yield Unseen(PAYLOAD, f"invisible characters that spell {_quoted(decoded)}")
    elif longest >= _LONGEST_RUN:
        yield Unseen(RUN, f"{longest} invisible characters in a row")
    elif count >= _MANY and not _joining_script(line):
        yield Unseen(RUN, f"{count} invisible characters on one line")


@cache
def _spread_bits() -> frozenset[str]:
    return frozenset("\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\u180e\ufeff")


def _joining_script(line: str) -> bool:
    """Tell whether a script that needs joiners, or has no spaces between words, is on the line."""
    return bool(_rx("[\u0600-\u08ff\u0900-\u0dff\u0e00-\u109f\u1780-\u18af\ua800-\uabff]").search(line))


def _selector_bytes(run: str) -> bytes:
    """Read variation selectors as the bytes that they are used for: 16 in one block, 240 in the other."""
    return bytes(ord(char) - 0xFE00 if char < "\uff00" else ord(char) - 0xE0100 + 16 for char in run)


def _readable(data: bytes) -> str:
    """Return the bytes as text, if they are any."""
    try:
        text = data.decode("utf-8").strip("\0 ")
    except UnicodeDecodeError:
        return ""
    plain = sum(char.isprintable() or char in "\n\t" for char in text)
    wordy = sum(char.isalnum() or char == " " for char in text)
    return text if len(text) >= _SHORTEST_TEXT and plain == len(text) and wordy * 2 > len(text) else ""


def _bits(run: str) -> str:
    """Read zero-width characters as bits: each two of the commonest as nought and one, bytes of eight or seven bits."""
    common = sorted(set(run), key=lambda char: (-run.count(char), char))[:3]
    found: list[tuple[bool, int, str]] = []
    for width, zero, one in product((8, 7), common, common):
        digits = "".join("0" if char == zero else "1" for char in run if char in (zero, one))
        whole = len(digits) // width * width
        text = _readable(bytes(int(digits[at : at + width], 2) for at in range(0, whole, width)))
        if text:
            found.append((whole == len(digits), sum(char.islower() or char == " " for char in text), text))
    return max(found, key=lambda item: item[:2], default=(False, 0, ""))[2]


def _direction(line: str) -> Iterator[Unseen]:
    controls = _rx(f"[{_BIDI}]").findall(line)
    rtl = bool(controls or _rx("[\u200e\u200f\u061c]").search(line)) and any(
        unicodedata.bidirectional(char) in ("R", "AL") for char in line.translate(_DIRECTION)
    )
    if controls:
        balanced = sum(map(line.count, _OPENS)) == sum(map(line.count, _CLOSES))
        natural = rtl and balanced and not any(char in line for char in _OVERRIDES)
        names = ", ".join(describe(char) for char in dict.fromkeys(controls[:100]))
        yield Unseen(BIDI, names, natural)
    elif not rtl:
        marks = dict.fromkeys(_rx("[\u200e\u200f\u061c]").findall(line))
        if marks:
            yield Unseen(MARK, ", ".join(describe(char) for char in marks))


def _escapes(line: str) -> Iterator[Unseen]:
    found = _rx("(?:\x1b\\[|\x9b(?=[0-9;?]))[0-9;?]{0,20}([A-Za-z])|\x1b([\\]PX^_NO()#%c78=>])|\x9d(?=\\d)").search(
        line
    )
    if found:
        odd = found[1] not in ("m", None) or found[2] in ("]", "P", "X", "^", "_") or "\x9d" in found[0]
        more = _rx("\x1b(?:\\[[0-9;?]{0,20}[A-LN-Za-ln-z]|\\[(?:[0-9;]{0,20};)?8m|[\\]PX^_])").search(line)
        what = "moves the cursor, hides text or speaks to the terminal" if odd or more else "colours text"
        yield Unseen(ESCAPE, f"escape sequence that {what}", natural=not (odd or more))


def _quoted(text: str) -> str:
    """Show decoded text as plain ASCII on one line, cut short."""
    plain = text.encode("ascii", "replace").decode("ascii")
    line = "".join(char if char.isprintable() else "." for char in plain[: _SHOWN + 1])
    return repr(line if len(line) <= _SHOWN else line[: _SHOWN - 3] + "...")
