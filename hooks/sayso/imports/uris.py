"""Turn the addresses in a report into paths from the top of the repository, or refuse them.

A relative address begins where the report says; where it says nothing, in the
directory that the tool ran in, which is taken to be the current one. Nothing may
climb with ``..``, and nothing outside the repository can be evidence for it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sayso.imports.report import ReportError
from sayso.jsondoc import Node

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_UNFIT = re.compile(r"[\x00-\x1f\x7f\\]")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_LONGEST = 4096
_MOST_BASES = 8


class Roots(NamedTuple):
    """Where the repository is.

    ``tops`` are absolute paths of its top, here or where the tool ran; ``prefix`` is the current directory below it,
    ended with a slash, or empty.
    """

    tops: tuple[str, ...]
    prefix: str = ""

    @property
    def here(self) -> str:
        """The current directory as an absolute path, ended with a slash."""
        return f"{self.tops[0].rstrip('/')}/{self.prefix}"

    @property
    def top(self) -> str:
        """The top as an absolute path, ended with a slash."""
        return f"{self.tops[0].rstrip('/')}/"


class Addresses:
    """The addresses of one run: its bases, and the directory that it says it ran in."""

    def __init__(self, run: Node, roots: Roots) -> None:
        self._roots = roots
        self._bases = run.object("originalUriBaseIds", optional=True)
        self._start = roots.here
        for invocation in run.list("invocations", optional=True):
            folder = invocation.object("workingDirectory", optional=True)
            if folder.has("uri"):
                self._start = absolute(folder.text("uri"), self._base(folder, self._roots.top), folder) + "/"

    def path(self, location: Node) -> str:
        """Return the path that an ``artifactLocation`` with a ``uri`` stands for."""
        whole = absolute(location.text("uri"), self._base(location, self._start), location)
        return below(whole, self._roots, location)

    def named(self, path: str, place: Node) -> str:
        """Return the path that a plain file name stands for."""
        _refuse_unfit(path, place)
        return below(_joined("" if path.startswith("/") else self._start, path, place), self._roots, place)

    def _base(self, location: Node, default: str, depth: int = 0) -> str:
        """Return the absolute path of the base that a location names; an unknown one is the top."""
        if not location.has("uriBaseId"):
            return default
        name = location.text("uriBaseId")
        if depth > _MOST_BASES:
            raise location.error("its bases refer to each other", "uriBaseId")
        if not self._bases.has(name):
            return self._roots.top
        base = self._bases.object(name)
        if not base.has("uri"):
            return self._base(base, self._roots.top, depth + 1)
        uri = base.text("uri")
        if not uri.endswith("/"):
            raise base.error("a base must end with a slash", "uri")
        return f"{absolute(uri, self._base(base, self._roots.top, depth + 1), base)}/".replace("//", "/")


def absolute(uri: str, base: str, place: Node) -> str:
    """Return the absolute path of ``uri``, which may be relative to ``base``; a slash at its end is dropped.

    Raises:
        ReportError: it is no address of a file.
    """
    _refuse_unfit(uri, place)
    if "?" in uri or "#" in uri:
        raise _error(place, f"{uri!r} has a query or a fragment: no file is meant")
    scheme = _SCHEME.match(uri)
    if scheme:
        uri = _without_scheme(uri, scheme[1].lower(), place)
    elif uri.startswith("//"):
        raise _error(place, f"{uri!r} names another host")
    if "%2f" in uri.lower():
        raise _error(place, f"{uri!r} hides a slash")
    return _joined("" if uri.startswith("/") else base, _decoded(uri, place), place)


def below(path: str, roots: Roots, place: Node) -> str:
    """Return an absolute path as one from the top of the repository."""
    for top in roots.tops:
        start = f"{top.rstrip('/')}/"
        if path.startswith(start):
            return path[len(start) :]
    raise _error(
        place,
        f"{path} is outside the repository; if it lay elsewhere where the tool ran, say where: --root DIR",
    )


def _without_scheme(uri: str, scheme: str, place: Node) -> str:
    if len(scheme) == 1:
        raise _error(place, f"{uri!r} is a path and no address: it should begin with file:///")
    if scheme != "file":
        raise _error(place, f"{uri!r} is no file")
    rest = uri[len("file:") :]
    if rest.startswith("//"):
        host, slash, path = rest[2:].partition("/")
        if host.lower() not in {"", "localhost"}:
            raise _error(place, f"{uri!r} names another host")
        rest = slash + path
    if not rest.startswith("/"):
        raise _error(place, f"{uri!r} names no path")
    return rest


def _decoded(uri: str, place: Node) -> str:
    data = uri.encode("utf-8")
    if data.count(b"%") != len(_ESCAPE.findall(data)):
        raise _error(place, f"{uri!r} has a percent sign that escapes nothing")
    decoded = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data)
    if b"\0" in decoded:
        raise _error(place, f"{uri!r} has a zero byte")
    return decoded.decode("utf-8", "surrogateescape")


def _joined(base: str, path: str, place: Node) -> str:
    parts = path.strip("/").split("/") if path.strip("/") else []
    if ".." in parts or "" in parts:
        raise _error(place, f"{path!r} has an empty part or climbs with ..: what it means depends on who reads it")
    kept = "/".join(part for part in parts if part != ".")
    return f"{base.rstrip('/')}/{kept}".rstrip("/")


def _refuse_unfit(text: str, place: Node) -> None:
    if not text or len(text) > _LONGEST or _UNFIT.search(text):
        raise _error(place, f"{text[:80]!r} is no address: it is empty, too long, or has control characters or \\")


def _error(place: Node, message: str) -> ReportError:
    return ReportError(f"{place.place}: {message}")
