"""Read the dependencies of ``pylock.toml`` and ``pyproject.toml``.

A lock file lists everything; a project file says what it wants, seldom at which
version. Both give the same three things as a requirements file: pins, gaps, and
other files to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sayso.requirements import LOCK, Gap, Include, Listing, Pin, is_version, normal, requirement

_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*packages[ \t]*\]\]", re.MULTILINE)
_ELSEWHERE = ("vcs", "directory", "archive")
_POETRY = "is poetry's own table: poetry export -f requirements.txt -o requirements.txt"


class _MalformedError(Exception):
    """A value of another type than the format has there."""


def read_pylock(text: str) -> Listing:
    """Read a lock file as PEP 751 describes it."""
    document = _load(text)
    if isinstance(document, Gap):
        return Listing(gaps=(document,))
    version = str(document.get("lock-version", ""))
    packages = document.get("packages", [])
    if version.partition(".")[0] != "1" or not isinstance(packages, list):
        return Listing(gaps=(Gap(1, "the file", f"is no lock file of version 1: lock-version is {version!r}"),))
    lines = [text.count("\n", 0, found.start()) + 1 for found in _HEADER.finditer(text)]
    if len(lines) != len(packages):
        lines = [1] * len(packages)
    read = [_package(package, line) for package, line in zip(packages, lines, strict=True)]
    pins = tuple(item for item in read if isinstance(item, Pin))
    return Listing(pins, tuple(item for item in read if isinstance(item, Gap)), whole=True)


def _package(package: Any, line: int) -> Pin | Gap:
    name, version = (package.get(key) for key in ("name", "version")) if isinstance(package, dict) else ("", "")
    if not isinstance(name, str) or not name:
        return Gap(line, "a package", "has no name")
    elsewhere = [key for key in _ELSEWHERE if key in package]
    if elsewhere:
        return Gap(line, name, f"comes from elsewhere than an index ({elsewhere[0]}): its version says nothing")
    if not isinstance(version, str) or not is_version(version):
        return Gap(line, name, "has no version that can be compared")
    wheels = package.get("wheels", [])
    files = [*(wheels if isinstance(wheels, list) else [None]), *([package["sdist"]] if "sdist" in package else ())]
    if not all(isinstance(file, dict) and file.get("hashes") for file in files):
        return Gap(line, f"{name} {version}", "has a file without a hash, which the format asks for")
    return Pin(normal(name), version.partition("+")[0], line)


def read_pyproject(text: str) -> Listing:
    """Read ``[project]``, its optional dependencies and ``[dependency-groups]``; what else declares any is a gap."""
    document = _load(text)
    if isinstance(document, Gap):
        return Listing(gaps=(document,))
    try:
        return _project(document, text)
    except _MalformedError as exc:
        return Listing(gaps=(Gap(1, "the file", f"is malformed: {exc}"),))


def _project(document: Mapping[str, Any], text: str) -> Listing:
    project, tool = _table(document, "project"), _table(document, "tool")
    itself = normal(str(project.get("name", "")))
    sources = {normal(name) for name in _table(_table(tool, "uv"), "sources")}
    pins: list[Pin] = []
    gaps: list[Gap] = []
    for written in _declared(document, project, tool):
        if not isinstance(written, str):
            gaps.append(Gap(1, str(written), "is no requirement"))
            continue
        found = requirement(written, _line_of(written, text))
        name = normal(re.split(r"[^\w.-]", written.strip(), maxsplit=1)[0])
        if name in sources:
            gaps.append(Gap(found.line, written, "comes from elsewhere than an index: [tool.uv.sources]"))
        elif name != itself:
            pins += [found] if isinstance(found, Pin) else []
            gaps += [found] if isinstance(found, Gap) else []
    dynamic, includes = _dynamic(project, tool, text)
    return Listing(tuple(pins), (*gaps, *dynamic, *_poetry(tool, text)), includes)


def _declared(document: Mapping[str, Any], project: Mapping[str, Any], tool: Mapping[str, Any]) -> Iterator[Any]:
    """Yield every requirement in the order of the format; what a group includes stands in the same file."""
    yield from _list(project, "dependencies")
    for extras in (_table(project, "optional-dependencies"), _table(_table(tool, "pdm"), "dev-dependencies")):
        for name in extras:
            yield from _list(extras, name)
    groups = _table(document, "dependency-groups")
    for name in groups:
        for item in _list(groups, name):
            if not (isinstance(item, dict) and item.keys() == {"include-group"}):
                yield item
    yield from _list(_table(tool, "uv"), "dev-dependencies")


def _dynamic(
    project: Mapping[str, Any], tool: Mapping[str, Any], text: str
) -> tuple[tuple[Gap, ...], tuple[Include, ...]]:
    """Follow dependencies that setuptools reads from files; what any other tool computes is a gap."""
    wanted = [key for key in ("dependencies", "optional-dependencies") if key in _list(project, "dynamic")]
    dynamic = _table(_table(tool, "setuptools"), "dynamic")
    gaps, includes = [], []
    for key in wanted:
        tables = [_table(dynamic, key)] if key == "dependencies" else list(_table(dynamic, key).values())
        files = [file for table in tables if isinstance(table, dict) for file in _listed(table.get("file"))]
        line = _line_of(key, text)
        includes += [Include(line, file) for file in files]
        if not files:
            gaps.append(Gap(line, f"dynamic {key}", f"is known only when the project is built: {LOCK}"))
    return tuple(gaps), tuple(includes)


def _poetry(tool: Mapping[str, Any], text: str) -> Iterator[Gap]:
    poetry = _table(tool, "poetry")
    groups = _table(poetry, "group").values()
    tables = [poetry, *(group for group in groups if isinstance(group, dict))]
    for table in tables:
        for key in ("dependencies", "dev-dependencies"):
            if set(_table(table, key)) - {"python"}:
                yield Gap(_line_of(f"[tool.poetry.{key}]", text), f"[tool.poetry] {key}", _POETRY)


def _load(text: str) -> dict[str, Any] | Gap:
    import tomli  # noqa: PLC0415 - requirements files do without

    try:
        return tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError) as exc:
        return Gap(1, "the file", f"is not valid TOML: {exc}")


def _table(of: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = of.get(key, {})
    if not isinstance(value, dict):
        raise _MalformedError(f"{key} is no table")
    return value


def _list(of: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = of.get(key, [])
    if not isinstance(value, list):
        raise _MalformedError(f"{key} is no list")
    return value


def _listed(value: Any) -> list[str]:
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [item for item in values if isinstance(item, str)]


def _line_of(written: str, text: str) -> int:
    """Return the line on which a value stands first; a good guess is enough, for TOML readers keep no lines."""
    quoted = (text.find(f'"{written}"'), text.find(f"'{written}'"), text.find(written))
    place = next((at for at in quoted if at >= 0), 0)
    return text.count("\n", 0, place) + 1
