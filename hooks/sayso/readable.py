"""Decide whether the bytes of a file can be examined as text, and say why not.

A gap blocks where the file's name promises text; binary content under a name
that promises nothing, or a picture, is merely not a scanner's business.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sayso.languages import UNKNOWN
from sayso.lines import decode

MOST_BYTES = 5 << 20
_LFS_BYTES = 1024  # a pointer is smaller, says its specification
_LFS = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-\d-\w{1,40} \w{1,20}:[0-9a-f]{64}\n){0,9}"
    rb"oid sha256:[0-9a-f]{64}\nsize \d{1,20}\n?"
)


class Readable(NamedTuple):
    """The UTF-8 text to examine; or, where ``data`` is None, the reason, and whether the gap blocks."""

    data: bytes | None
    reason: str = ""
    blocks: bool = False


def prepare(head: bytes, size: int, kind: str) -> Readable:
    """Return what a scanner can be given.

    Args:
        head: the bytes, or the first ``MOST_BYTES`` of a larger file.
        size: the size of the whole file in bytes.
        kind: the kind of the file's language: code, text, media or unknown.
    """
    if size < _LFS_BYTES and _LFS.fullmatch(head):  # the whole of it: a first line alone would hide the rest
        return Readable(None, "a Git LFS pointer: its content is not in the repository")
    text = decode(head).text
    if text is None:
        if kind in {"media", UNKNOWN}:
            return Readable(None, "binary")
        return Readable(
            None, "its bytes are not text in any encoding we know, although its name says text", blocks=True
        )
    if size > MOST_BYTES:
        return Readable(None, f"{size} bytes, more than the limit of {MOST_BYTES}", blocks=True)
    return Readable(text.encode("utf-8", "replace"))
