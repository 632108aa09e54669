"""Tell which files are tests, and which tests belong to a source, by where they stand and what they are called.

The policy's own table comes first: a source that it names is asked for no other tests. What
the built-in conventions say of a language is data (``rules/tests.toml``). A file of which they
know nothing is asked for no test. The answer depends on names alone: that a test tries
what changed in its source is for the reviewer to see.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from sayso import pathwords
from sayso.settings import TestMap
from sayso.tables import Table

FILE = "tests.toml"
_ANY = "**"
_LONG = 4_096
_PLACE = re.compile(r"\{(name|dir)\}")


class Convention(NamedTuple):
    """Where the tests of a language stand; ``inline`` are the words by which a source holds its own."""

    language: str
    suffixes: tuple[str, ...]
    tests: tuple[str, ...]
    inline: tuple[str, ...] = ()


class Rules(NamedTuple):
    """The shipped rules: how tests are told from sources, the conventions, and the words of each case."""

    folders: frozenset[str]
    names: tuple[str, ...]
    e2e: tuple[str, ...]
    e2e_names: tuple[str, ...]
    exempt: tuple[str, ...]
    indexes: frozenset[str]
    conventions: tuple[Convention, ...]
    cases: Mapping[str, tuple[str, ...]]


class Untested(NamedTuple):
    """A source that changed without a test of its own, and the globs that such a test would match."""

    path: str
    globs: tuple[str, ...]


def read_rules(table: Table) -> Rules:
    """Read the rules; raises ``DataError``."""
    tests, exempt, index, cases = (table.table(name) for name in ("tests", "exempt", "index", "cases"))
    rules = Rules(
        folders=frozenset(tests.texts("folders")),
        names=tests.texts("names"),
        e2e=tests.texts("e2e"),
        e2e_names=tests.texts("e2e_names"),
        exempt=exempt.texts("paths"),
        indexes=frozenset(index.texts("names")),
        conventions=tuple(map(_convention, table.tables("convention"))),
        cases={case: cases.texts(case) for case in cases.keys()},  # noqa: SIM118 - no mapping
    )
    for section in (tests, exempt, index, cases, table):
        section.done()
    return rules


def _convention(entry: Table) -> Convention:
    texts = entry.texts
    found = Convention(entry.text("language"), texts("suffixes"), texts("tests"), texts("inline", ()))
    entry.done()
    return found


def cases(names: Iterable[str], rules: Rules) -> dict[str, tuple[str, ...]]:
    """Return the words of each case; one that is not built in is shown by the words of its own name."""
    return {name: rules.cases.get(name) or (name.replace("-", " ").replace("_", " "),) for name in names}


def is_test(path: str, rules: Rules) -> bool:
    """Tell whether a file is a test, or stands with them."""
    folders, name = _split(path)
    return any(folder.lower() in rules.folders for folder in folders) or _named(name, rules.names)


def is_e2e(path: str, rules: Rules) -> bool:
    """Tell whether a test goes through the whole, by the words of its folders and its name."""
    if not is_test(path, rules):
        return False
    words = f" {' '.join(pathwords.pieces(path))} {' '.join(pathwords.chunks(path))} "
    return any(f" {word} " in words for word in rules.e2e) or _named(_split(path)[1], rules.e2e_names)


def tests_for(path: str, maps: Sequence[TestMap], rules: Rules) -> tuple[str, ...]:
    """Return the globs of the tests of a source; () for what no test is asked of."""
    if len(path) > _LONG:
        return ()
    own = [item for item in maps if fits(path, item.source)]
    if own:
        return tuple(dict.fromkeys(glob for item in own for text in item.tests for glob in _filled(text, path, rules)))
    convention = _convention_of(path, rules)
    if convention is None or is_test(path, rules) or any(fits(path, glob) for glob in rules.exempt):
        return ()
    return tuple(dict.fromkeys(glob for text in convention.tests for glob in _filled(text, path, rules)))


def untested(
    changed: Sequence[str],
    maps: Sequence[TestMap],
    rules: Rules,
    texts: Mapping[str, str] | None = None,
    sources: Iterable[str] | None = None,
) -> tuple[Untested, ...]:
    """Return the sources among ``changed``, or those of ``sources``, whose tests are not among ``changed``.

    ``changed`` are the paths that are there after the change: a test that was deleted tests nothing. By ``texts``,
    the new text of a file, a source that holds its own tests is known.
    """
    there = _Paths(changed)
    asked = ((path, tests_for(path, maps, rules)) for path in (changed if sources is None else sources))
    return tuple(
        Untested(path, globs)
        for path, globs in asked
        if globs and not _inline(path, rules, texts or {}) and not any(there.has(glob, path) for glob in globs)
    )


class _Paths:
    """Paths in the order of their beginnings and of their names' beginnings: a change can have thousands."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = sorted(set(paths))
        self._by_name = sorted(self._paths, key=_name)
        self._names = list(map(_name, self._by_name))
        self._found: dict[str, tuple[str, ...]] = {}

    def has(self, glob: str, besides: str) -> bool:
        """Tell whether a path other than ``besides`` matches."""
        if glob not in self._found:
            self._found[glob] = tuple(islice((path for path in self._candidates(glob) if fits(path, glob)), 2))
        return any(path != besides for path in self._found[glob])

    def _candidates(self, glob: str) -> Sequence[str]:
        if glob.startswith("**/"):
            return self._by_name[_range(self._names, _beginning(glob.rpartition("/")[2]))]
        return self._paths[_range(self._paths, _beginning(glob.removeprefix("./").removeprefix("/")))]


def _range(texts: Sequence[str], beginning: str) -> slice:
    return slice(bisect_left(texts, beginning), bisect_left(texts, f"{beginning}\U0010ffff"))


def _beginning(glob: str) -> str:
    """Return what stands before the first star."""
    return glob.split("*", 1)[0].split("?", 1)[0]


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _inline(path: str, rules: Rules, texts: Mapping[str, str]) -> bool:
    convention = _convention_of(path, rules)
    return convention is not None and any(word in texts.get(path, "") for word in convention.inline)


def _convention_of(path: str, rules: Rules) -> Convention | None:
    lower = path.lower()
    return next((item for item in rules.conventions if lower.endswith(item.suffixes)), None)


def _filled(glob: str, path: str, rules: Rules) -> tuple[str, ...]:
    """Fill in a glob for a source: once for its name and, if that stands for the folder, once for the folder's."""
    folders, file = _split(path)
    stem = file.rpartition(".")[0] or file
    names = [stem, stem.strip("_")] if stem.strip("_") else [stem]
    if stem in rules.indexes and folders:
        names.append(folders[-1])
    folder = _literal("/".join(folders))
    return tuple(_put(glob, {"name": _literal(name), "dir": folder}) for name in dict.fromkeys(names))


def _put(glob: str, places: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: places[found[1]], glob).removeprefix("/")


def _literal(name: str) -> str:
    """Take the stars from a name: a file called ``*.py`` would be tested by every test."""
    return name.replace("*", "\0").replace("?", "\0")


def _split(path: str) -> tuple[list[str], str]:
    *folders, name = path.split("/")
    return folders, name


def _named(name: str, patterns: Sequence[str]) -> bool:
    return any(_fits_name(name, pattern) for pattern in patterns)


def fits(path: str, glob: str) -> bool:
    """Tell whether a path matches a glob: ``**`` is any number of folders, ``*`` and ``?`` stay within a name.

    A glob that ends with ``/`` or ``/**`` is everything below.
    """
    parts = glob.removeprefix("./").removeprefix("/").split("/")
    if parts[-1] in {"", _ANY}:
        parts[-1:] = [_ANY, "*"]
    return _fits_parts(path.split("/"), parts)


def _fits_parts(path: Sequence[str], parts: Sequence[str]) -> bool:
    """Match with a way back to the last ``**`` only, which is enough, and bounded by one length times the other."""
    at = part = 0
    back = resume = -1
    while at < len(path):
        if part < len(parts) and parts[part] == _ANY:
            back, resume, part = part, at, part + 1
        elif part < len(parts) and _fits_name(path[at], parts[part]):
            at, part = at + 1, part + 1
        elif back >= 0:
            resume += 1
            at, part = resume, back + 1
        else:
            return False
    return all(rest == _ANY for rest in parts[part:])


def _fits_name(name: str, pattern: str) -> bool:
    """Match one name in the same way, ``*`` in place of ``**``."""
    at = char = 0
    back = resume = -1
    while at < len(name):
        if char < len(pattern) and pattern[char] == "*":
            back, resume, char = char, at, char + 1
        elif char < len(pattern) and pattern[char] in {"?", name[at]}:
            at, char = at + 1, char + 1
        elif back >= 0:
            resume += 1
            at, char = resume, back + 1
        else:
            return False
    return not pattern[char:].strip("*")
