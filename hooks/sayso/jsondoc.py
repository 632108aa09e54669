"""Read JSON that somebody else wrote, strictly: what could be read in two ways is refused.

Duplicate keys, NaN and infinities, numbers and nesting beyond reason, a byte
order mark, an encoding other than UTF-8 and anything after the document are
errors. Values are taken through ``Node``, which knows where in the document it
is, so that every refusal names the place.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from sayso.model import DataError

MOST_BYTES = 64 << 20
MOST_DEPTH = 64
MOST_PARTS = 2_000_000
_MOST_DIGITS = 19
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_SHOWN = 60
_NAMES = {str: "a string", bool: "true or false", int: "a whole number", dict: "an object", list: "a list"}


class Node:
    """A value and its place; every accessor raises ``DataError`` where the value is not what it must be."""

    __slots__ = ("place", "value")

    def __init__(self, value: Any, place: str) -> None:
        self.value = value
        self.place = place

    def error(self, message: str, key: str = "") -> DataError:
        """Return (not raise) an error at this place, or at ``key`` of it."""
        return DataError(f"{self.place}{f'.{key}' if key else ''}: {message}")

    def has(self, key: str) -> bool:
        """Tell whether an object has ``key``."""
        return key in self._object()

    def fields(self) -> tuple[str, ...]:
        """Return the keys of an object."""
        return tuple(self._object())

    def text(self, key: str, default: str | None = None) -> str:
        """Take a string; one with half a surrogate pair is no text."""
        value: str = self._take(key, str, default)
        if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            raise self.error("half a surrogate pair is no text", key)
        return value

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Take a boolean."""
        value: bool = self._take(key, bool, default)
        return value

    def number(self, key: str, default: int | None = None, least: int = 0) -> int:
        """Take a whole number that is at least ``least``."""
        value: int = self._take(key, int, default)
        if value < least and value != default:
            raise self.error(f"{value} is less than {least}", key)
        return value

    def object(self, key: str, *, optional: bool = False) -> Node:
        """Take an object; an absent one is empty where it is ``optional``."""
        return Node(self._take(key, dict, {} if optional else None), f"{self.place}.{key}")

    def list(self, key: str, *, optional: bool = False) -> tuple[Node, ...]:
        """Take a list of objects; an absent one is empty where it is ``optional``."""
        nodes = tuple(self._items(key, optional=optional))
        for node in nodes:
            node._object()  # noqa: SLF001 - our own
        return nodes

    def texts(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        """Take a list of strings."""
        nodes = tuple(self._items(key, optional=optional))
        for node in nodes:
            if not isinstance(node.value, str):
                raise node.error(f"expected a string, got {_named(node.value)}")
        return tuple(node.value for node in nodes)

    def _items(self, key: str, *, optional: bool) -> Iterator[Node]:
        values = self._take(key, list, [] if optional else None)
        return (Node(value, f"{self.place}.{key}[{index}]") for index, value in enumerate(values))

    def _object(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            raise self.error(f"expected an object, got {_named(self.value)}")
        return self.value

    def _take(self, key: str, kind: type, default: Any) -> Any:
        values = self._object()
        if key not in values:
            if default is None:
                raise self.error(f"missing key {key!r}")
            return default
        value = values[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(f"expected {_NAMES[kind]}, got {_named(value)}", key)
        return value


def read(data: bytes, source: str) -> Node:
    """Parse ``data``; ``source`` names it in messages.

    Raises:
        DataError: it is not one JSON document in UTF-8, or could be read in two ways.
    """
    if len(data) > MOST_BYTES:
        raise DataError(f"{source}: more than {MOST_BYTES >> 20} MiB are too many for a report")
    if data.count(b"{") + data.count(b"[") > MOST_PARTS:  # each costs a hundred times its size in memory
        raise DataError(f"{source}: more than {MOST_PARTS} objects and lists are too many for a report")
    if not data.strip():
        raise DataError(f"{source}: empty: the tool wrote no report")
    if data.startswith(_MARKS):
        raise DataError(f"{source}: begins with a byte order mark: save it as plain UTF-8")
    text = ""
    try:
        text = data.decode("utf-8")
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_number, parse_float=_finite, parse_int=_whole
        )
        if isinstance(value, (dict, list)):
            _check_depth(value)
    except UnicodeDecodeError as exc:
        raise DataError(f"{source}: not UTF-8 at byte {exc.start}") from exc
    except json.JSONDecodeError as exc:
        cut = exc.pos >= len(text.rstrip()) or exc.msg.startswith("Unterminated string")
        reason = "ends in the middle: it was cut off" if cut else f"{exc.msg} in line {exc.lineno}"
        raise DataError(f"{source}: not JSON: {reason}") from exc
    except RecursionError as exc:
        raise DataError(f"{source}: nested too deep") from exc
    except ValueError as exc:
        raise DataError(f"{source}: {exc}") from exc
    return Node(value, source)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"the key {key[:_SHOWN]!r} stands twice in one object")
            seen.add(key)
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number in JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"the number {digits[:_SHOWN]} is too large")
    return value


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"the number {digits[:_SHOWN]} is too large")
    return int(digits)


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MOST_DEPTH):
        parents = [parent.values() if isinstance(parent, dict) else parent for parent in level]
        level = [item for values in parents for item in values if isinstance(item, (dict, list))]
        if not level:
            return
    raise ValueError(f"nested deeper than {MOST_DEPTH} levels")


def _named(value: Any) -> str:
    return "nothing" if value is None else _NAMES.get(type(value), "a number")
