"""Show a setting without what may be secret in it."""

from __future__ import annotations

import re
from functools import cache

_LONGEST = 80


@cache
def _secret() -> re.Pattern[str]:
    return re.compile(
        r"(?i)(?<=[?&])[^=&\s]{1,60}=[^&\s]{1,400}"
        r"|\b(bearer|basic|token|password|passwd|secret|api[_-]?key|authorization|key)([ =:\"']{1,3})"
        r"(?:(?:bearer|basic|token) )?[^\s\"',;)]{4,400}"
        r"|(?<=://)[^/@\s]{1,200}@"
        r"|\b(?=[\w+=-]{0,200}\d)(?=[\w+=-]{0,200}[A-Za-z])[A-Za-z0-9_+=-]{24,400}"
    )


def shown(value: str) -> str:
    """Return ``value`` on one line and cut short, with tokens, passwords and queries taken out."""
    line = " ".join(value[:2_000].split())
    line = _secret().sub(lambda m: f"{m[1]}{m[2]}…" if m[1] else "…", line)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
