"""Read the settings of agents and workflows: JSON with comments, TOML, YAML, and the front matter of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from sayso.model import DataError

MOST_CHARACTERS = 1 << 20
MOST_VALUES = 20_000
_MOST_DEPTH = 64
_STRING = r'"(?:[^"\\\n]|\\.)*+"?'

Place = tuple[str, ...]
"""Where in a document a value stands: its keys from the top, ``[]`` for an item of a list, whichever it is."""


def read(text: str, form: str, source: str) -> Any:
    """Parse ``text``, which is "json", "toml", "yaml" or the "front" matter of a document; an empty text is {}.

    Raises:
        DataError: it cannot be read, or could be read in two ways.
    """
    if len(text) > MOST_CHARACTERS:
        raise DataError(f"{source}: more than {MOST_CHARACTERS >> 20} MiB are too many for settings")
    if form == "front":
        text = _front_matter(text)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        return {}
    if form == "json":
        return _json(text, source)
    return _toml(text, source) if form == "toml" else _yaml(text, source)


def _json(text: str, source: str) -> Any:
    from sayso import jsondoc  # noqa: PLC0415 - few changes touch such files

    return jsondoc.read(_without_comments(text).encode("utf-8", "surrogatepass"), source).value


def _yaml(text: str, source: str) -> Any:
    from sayso import yamldoc  # noqa: PLC0415 - few changes touch such files

    return yamldoc.read(text, source)


def _toml(text: str, source: str) -> Any:
    import tomli  # noqa: PLC0415 - few changes touch such files

    try:
        return tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError) as exc:
        raise DataError(f"{source}: not valid TOML: {exc}") from exc


@cache
def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _without_comments(text: str) -> str:
    """Blank what editors allow and JSON does not: comments, and a comma before a closing bracket."""
    if "/" in text:
        comment = _rx(rf"{_STRING}|//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)")
        text = comment.sub(lambda m: m[0] if m[0][0] == '"' else "\n" * m[0].count("\n"), text)
    return _rx(rf"{_STRING}|,(?=\s*+[}}\]])").sub(lambda m: "" if m[0] == "," else m[0], text)


def _front_matter(text: str) -> str:
    """Return what stands between the two lines of dashes at the very start of a document."""
    if not text.startswith("---"):
        return ""
    found = _rx(r"---[ \t]*\r?\n([\s\S]*?\n)?---[ \t]*(?:\r?\n|\Z)").match(text)
    return (found[1] or "") if found else ""


def nodes(value: Any, source: str) -> Iterator[tuple[Place, Any]]:
    """Yield every value of a document, containers too, and its place.

    Raises:
        DataError: too many or too deep to be settings.
    """
    waiting: list[tuple[Place, Any]] = [((), value)]
    seen = 0
    while waiting:
        place, item = waiting.pop()
        seen += 1
        if seen > MOST_VALUES or len(place) > _MOST_DEPTH:
            raise DataError(f"{source}: too many values or levels for settings")
        yield place, item
        if isinstance(item, dict):
            waiting += [((*place, key_name(key)), inner) for key, inner in item.items()]
        elif isinstance(item, list):
            waiting += [((*place, "[]"), inner) for inner in item]


def key_name(key: Any) -> str:
    """Name a key; YAML reads the key ``on`` of a workflow as true."""
    return "on" if key is True else str(key)


def scalar(value: Any) -> str:
    """Write a plain value as all three formats do."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
