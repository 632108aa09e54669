"""Read TOML strictly: an unknown key, a wrong type or a missing key is an error that names file, line and key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from sayso.model import DataError


class Table:
    """A TOML table that remembers where it came from and which of its keys nobody has asked for.

    ``text`` returns the file's text; only an error asks for it.

    Call ``done()`` after the last key was taken: it refuses what is left over.
    """

    def __init__(
        self, values: dict[str, Any], source: str, text: Callable[[], str], header: str = "", index: int = 0
    ) -> None:
        self._values = dict(values)
        self._known: list[str] = []
        self._source, self._text, self._header, self._index = source, text, header, index

    @property
    def values(self) -> dict[str, Any]:
        """What has not been taken yet."""
        return self._values

    def error(self, message: str, key: str = "") -> DataError:
        """Return (not raise) a ``DataError`` at the line of ``key``, or of this table's header."""
        place = f"{self._source}:{_line_of(self._text(), self._header, self._index, key)}"
        name = ".".join(part for part in (self._header, key) if part)
        return DataError(f"{place}: {name}: {message}" if name else f"{place}: {message}")

    def text(self, key: str, default: str | None = None) -> str:
        """Take a string."""
        value: str = self._take(key, str, default)
        return value

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Take a boolean."""
        value: bool = self._take(key, bool, default)
        return value

    def number(self, key: str, default: int | None = None) -> int:
        """Take an integer."""
        value: int = self._take(key, int, default)
        return value

    def date(self, key: str) -> str:
        """Take a date without a time, as TOML writes it; return it as YYYY-MM-DD."""
        from datetime import date, datetime  # noqa: PLC0415 - few tables have dates, and the TOML reader loads it

        value: date = self._take(key, date, None)
        if isinstance(value, datetime):
            raise self.error("expected a date without a time", key)
        return value.isoformat()

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """Take a string that must be one of ``allowed``."""
        value = self.text(key, default)
        if value not in allowed:
            raise self.error(f"{value!r} is not one of {', '.join(allowed)}", key)
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Take a list of strings."""
        return tuple(self._list(key, str, default))

    def numbers(self, key: str, default: tuple[int, ...] | None = None) -> tuple[int, ...]:
        """Take a list of integers."""
        return tuple(self._list(key, int, default))

    def table(self, key: str) -> Table:
        """Take a sub-table; an absent one is empty."""
        header = f"{self._header}.{key}" if self._header else key
        return Table(self._take(key, dict, {}), self._source, self._text, header)

    def tables(self, key: str) -> Iterator[Table]:
        """Take an array of tables; an absent one is empty."""
        header = f"{self._header}.{key}" if self._header else key
        for index, values in enumerate(self._list(key, dict, ())):
            yield Table(values, self._source, self._text, header, index)

    def keys(self) -> tuple[str, ...]:
        """Return the keys that nobody has taken yet, for tables whose keys are data."""
        return tuple(self._values)

    def done(self) -> None:
        """Refuse the keys that nobody has taken."""
        for key in self._values:
            hint = _nearest(key, self._known)
            raise self.error(f"unknown key{f', did you mean {hint!r}?' if hint else ''}", key)

    def _take(self, key: str, kind: type, default: Any) -> Any:
        self._known.append(key)
        if key not in self._values:
            if default is None:
                raise self.error(f"missing key {key!r}")
            return default
        value = self._values.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(f"expected {_name(kind)}, got {_name(type(value))}", key)
        return value

    def _list(self, key: str, kind: type, default: tuple[Any, ...] | None) -> list[Any]:
        values: list[Any] = self._take(key, list, None if default is None else list(default))
        if not all(isinstance(value, kind) for value in values):
            raise self.error(f"expected a list of {_NAMES[kind]}s", key)
        return values


def _name(kind: type) -> str:
    return _NAMES.get(kind, kind.__name__)


_NAMES = {str: "string", bool: "boolean", int: "integer", dict: "table", list: "list", float: "float"}


def parse(text: str, source: str) -> Table:
    """Parse TOML ``text``; ``source`` is the file's name for messages.

    Raises:
        DataError: not TOML; the message has the line.
    """
    import tomli  # noqa: PLC0415 - rules that were read before come from a cache

    try:
        return Table(tomli.loads(text), source, lambda: text)
    except (tomli.TOMLDecodeError, RecursionError) as exc:
        line = re.search(r"at line (\d+)", str(exc))
        end = text.count("\n", 0, -1) + 1 if "at end of document" in str(exc) else 1
        raise DataError(f"{source}:{line[1] if line else end}: not valid TOML: {exc}") from exc


def _line_of(text: str, header: str, index: int, key: str) -> int:
    """Find the line of ``key`` below the ``index``-th ``header``; a good guess is enough for a message."""
    lines = text.splitlines()
    start = 0
    if header:
        wanted = re.compile(rf"\s*\[\[?\s*{re.escape(header)}\s*\]")
        heads = [number for number, line in enumerate(lines) if wanted.match(line)]
        start = heads[min(index, len(heads) - 1)] if heads else 0
    if key:
        assigned = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]|\s*\[\[?\s*{re.escape(key)}[\].]""")
        start = next((n for n in range(start, len(lines)) if assigned.match(lines[n])), start)
    return start + 1


def _nearest(key: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only an error pays for it

    return next(iter(get_close_matches(key, known, 1)), "")
