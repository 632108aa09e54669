"""The one place where text from a repository becomes text for a terminal.

Control characters, bidi controls and undecodable bytes are made visible, so that
no file name and no message can move the cursor, forge a line or hide one.
"""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """Return ``text`` on one line, with nothing in it that a terminal obeys."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
