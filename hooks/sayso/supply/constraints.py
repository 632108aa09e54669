"""Compare two version constraints: tell whether the new one is looser, or goes back to an older version.

Every ecosystem writes ranges in its own way; here each becomes the span between
its lowest and its highest version. What cannot be read (a variable, a computed
value) is unknown, and nothing is said of it. A bump is not a loosening: ``^1``
to ``^2`` moves both ends.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LENGTH = 300
_PLACES = 6
_WORD = re.compile(r"[A-Za-z][\w.-]*")
_INTERVAL = re.compile(r"[\[(]([^,\[\]()]*)(?:(,)([^,\[\]()]*))?([\])])")
_PART = re.compile(r"(===|==|~=|~>|>=|<=|=>|=<|!=|=|>|<|\^|~)?\s*v?((?:\d+!)?[\dxX*][\w.*+!-]*)")
_HYPHEN = re.compile(r"v?(\d[\w.+-]*)\s+-\s+v?(\d[\w.+-]*)")
_VARIABLE = re.compile(r"\$[({\w]|\{\{|%\w+%|\bversions?\.")
_NUMBERS = re.compile(r"\d+")
_BACKWARDS = {"=>": ">=", "=<": "<=", "=": "==", "===": "=="}
_INTERVALS = frozenset(("maven", "nuget"))

RAISED = "has a higher upper bound for the same lower one"
"""The mildest way of being looser: the next version is let in, as a bump would."""

Version = tuple[int, ...]


class Span(NamedTuple):
    """From ``low`` to ``high``, None meaning no bound. ``shape`` is the constraint without its numbers."""

    low: Version | None
    high: Version | None
    exact: bool = False
    known: bool = True
    excluded: frozenset[str] = frozenset()
    shape: str = ""


_ANY = Span(None, None)
_UNKNOWN = Span(None, None, known=False)


def span(spec: str, dialect: str) -> Span:
    """Read a constraint of an ecosystem: python, poetry, npm, cargo, composer, ruby, maven, nuget or go."""
    text = spec.strip()
    if _VARIABLE.search(text) or len(text) > _LENGTH:
        return _UNKNOWN
    if not text:
        return _UNKNOWN if dialect in _INTERVALS else _ANY
    if dialect in _INTERVALS and text[0] in "[(":
        return _intervals(text)
    alternatives = [_alternative(part.strip(), dialect) for part in re.split(r"\|\|?", text)]
    shape = re.sub(r"[\dxX*][\w.*+!-]*", "V", text)
    if len(alternatives) == 1:
        return alternatives[0]._replace(shape=shape)
    if not all(item.known for item in alternatives):
        return _UNKNOWN
    lows, highs = [item.low for item in alternatives], [item.high for item in alternatives]
    low = None if None in lows else min(item for item in lows if item is not None)
    high = None if None in highs else max(item for item in highs if item is not None)
    return Span(low, high, shape=shape)


def loosened(old: str, new: str, dialect: str, former: str = "") -> str:
    """Return in which way ``new`` is looser than ``old``, or "". ``former`` is the dialect of ``old``, if another."""
    was, now = span(old, former or dialect), span(new, dialect)
    if not was.known or not now.known:
        return ""
    if was.exact and not now.exact:
        return "was one exact version"
    if dialect == "nuget" and "*" in new and "*" not in old:  # else the lowest version that fits is taken
        return "floats to the newest version now"
    if now.low is None and now.high is None and (was.low is not None or was.high is not None):
        return "takes any version now"
    if was.high is not None and now.high is None:
        return "has lost its upper bound"
    if was.high is None or now.high is None:
        return "excluded versions are allowed again" if was.excluded - now.excluded and was.low == now.low else ""
    lower = now.low is None or (was.low is not None and now.low <= was.low)
    if now.high > was.high and lower:
        return RAISED if _level(now) >= _level(was) or now.low is None or was.low is None else "spans more versions"
    if was.shape != now.shape and was.low and now.low and _level(now) < _level(was):
        return "spans more versions"
    return "excluded versions are allowed again" if was.excluded - now.excluded and was.low == now.low else ""


def lowered(old: str, new: str, dialect: str, former: str = "") -> bool:
    """Tell whether ``new`` asks for, or begins at, an older version than ``old``."""
    was, now = span(old, former or dialect), span(new, dialect)
    return was.low is not None and now.low is not None and now.low < was.low


def is_exact(spec: str, dialect: str) -> bool:
    """Tell whether a constraint lets only one version through."""
    return span(spec, dialect).exact


def _level(item: Span) -> int:
    """Return which place of the version may change first: the major one is 0."""
    low, high = item.low or (), item.high or ()
    return next((place for place, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), _PLACES)


def _version(text: str) -> Version:
    release = re.split(r"[-+]|(?<=\d)\.?(?=[A-Za-z])", text.rpartition("!")[2], maxsplit=1)[0]
    numbers = [min(int(item[:12]), 10**9) for item in _NUMBERS.findall(release)[:_PLACES]]
    return (*numbers, *([0] * (_PLACES - len(numbers))))


def _alternative(text: str, dialect: str) -> Span:
    hyphen = _HYPHEN.fullmatch(text) if dialect in {"npm", "composer"} else None
    if hyphen:
        return Span((*_version(hyphen[1]), 0), (*_version(hyphen[2]), 1))
    if not text or re.fullmatch(r"[*xX](?:\.[*xX])*(?:@\w+)?", text):
        return _ANY
    text = text.partition("@")[0] if dialect == "composer" else text
    parts = _PART.findall(text)
    if not parts:
        return _ANY if _WORD.fullmatch(text) or text == "+" else _UNKNOWN
    if re.sub(r"[\s,()\"']", "", _PART.sub("", text)):
        return _UNKNOWN
    low = high = None
    excluded: set[str] = set()
    for operator, version in parts:
        bottom, top = _bounds(_BACKWARDS.get(operator, operator), version, dialect)
        if operator == "!=":
            excluded.add(version)
            continue
        low = bottom if low is None or (bottom and bottom > low) else low
        high = top if high is None or (top and top < high) else high
    exact = low is not None and high is not None and low[:-1] == high[:-1] and high[-1] == 1
    return Span(low, high, exact, excluded=frozenset(excluded))


def _bounds(operator: str, version: str, dialect: str) -> tuple[Version | None, Version | None]:
    """Return the lowest version and the bound above, whose last place is 1 where the bound itself is allowed."""
    numbers = _version(version)
    given = len(_NUMBERS.findall(re.split(r"[-+*xX]|(?<=\d)\.?(?=[A-Za-z])", version, maxsplit=1)[0])[:_PLACES])
    low = (*numbers, 0)
    if operator in {">=", ">"}:
        return low, None
    if operator in {"<", "<="}:
        return None, (*numbers, int(operator == "<="))
    if re.search(r"[*xX+]$", version):
        return low, _after(numbers, given - 1) if given else None
    if operator == "^" or (not operator and dialect == "cargo"):
        return low, _after(numbers, next((i for i in range(given) if numbers[i]), max(given - 1, 0)))
    if operator in {"~=", "~>"} or (operator == "~" and dialect == "composer"):
        return low, _after(numbers, max(given - 2, 0))
    if operator == "~":
        return low, _after(numbers, min(given - 1, 1))
    if not operator and dialect == "nuget":
        return low, None
    if not operator and dialect == "npm" and given < 3:  # noqa: PLR2004 - "1" and "1.2" are ranges there
        return low, _after(numbers, given - 1)
    return low, (*numbers, 1)


def _after(numbers: Version, place: int) -> Version:
    return (*numbers[:place], numbers[place] + 1, *([0] * (_PLACES - place)))


def _intervals(text: str) -> Span:
    """Read ``[1,2)``, ``[1]`` and ``(,1],[2,)``."""
    found = _INTERVAL.findall(text)
    if not found or re.sub(r"[\s,]", "", _INTERVAL.sub("", text)):
        return _UNKNOWN
    lows: list[Version | None] = []
    highs: list[Version | None] = []
    for low, comma, high, end in found:
        top = high if comma else low
        lows.append((*_version(low), 0) if low.strip() else None)
        highs.append((*_version(top), int(end == "]")) if top.strip() else None)
    bottom = None if None in lows else min(item for item in lows if item is not None)
    top_most = None if None in highs else max(item for item in highs if item is not None)
    exact = bottom is not None and top_most is not None and bottom[:-1] == top_most[:-1]
    return Span(bottom, top_most, exact, shape=re.sub(r"[\d][\w.+-]*", "V", text))
