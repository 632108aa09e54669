"""Tell by its name whether a file is prose, style, media, data, a test, or code.

What nobody can classify is code: a name cannot talk a change out of what it owes. The
lists are data, in ``rules/duties.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable

from sayso import globs, pathwords, tables
from sayso.settings import FILE_KINDS

_BY_SUFFIX = ("text", "style", "media", "data")


class FileKinds:
    """The lists, ready to look up: suffixes and names for each kind, and the marks of a test."""

    def __init__(self, table: tables.Table) -> None:
        self._suffixes: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for kind in _BY_SUFFIX:
            section = table.table(kind)
            self._suffixes.update(dict.fromkeys(section.texts("suffixes"), kind))
            self._names.update(dict.fromkeys(section.texts("names", ()), kind))
            section.done()
        tests, code = table.table("test"), table.table("code")
        self._folders = frozenset(tests.texts("folders"))
        self._tests = tests.texts("names")
        self._code = code.texts("names")
        tests.done()
        code.done()
        table.done()

    def of(self, path: str) -> str:
        """Return the kind of a path."""
        plain = pathwords.fold(path).lower()
        *folders, name = plain.split("/")
        if pathwords.disguises(path) or globs.any_matches(self._code, name):
            return "code"
        suffix = name.rpartition(".")[2] if "." in name[1:] else ""
        kind = self._names.get(name) or self._suffixes.get(suffix, "")
        if kind in {"text", "style", "media"}:
            return kind
        if self._folders.intersection(folders) or globs.any_matches(self._tests, name):
            return "test"
        return kind or "code"

    def least_harmless(self, paths: Iterable[str]) -> str:
        """Return the kind of a file with several names: the one that owes most."""
        return min((self.of(path) for path in paths), key=FILE_KINDS.index)


def read_kinds(table: tables.Table) -> FileKinds:
    """Read the lists; raises ``DataError``."""
    return FileKinds(table)
