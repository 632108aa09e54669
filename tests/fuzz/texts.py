"""Targets that read what people and tools write: messages, names, claims, comments, reports, requirements."""

from __future__ import annotations

import contextlib
from functools import cache
from typing import Any

from fuzz.inputs import name, parts, path, text
from sayso import authorlines, authornames, comments, jsondoc, lockfiles, message, requirements, suppress, tables
from sayso.adapters.resources import read_table
from sayso.app import imports
from sayso.authorrules import AuthorRules
from sayso.checks import ai_authorship, secure_claims
from sayso.claimrules import ClaimRules
from sayso.evidence import Spot
from sayso.imports import reader
from sayso.imports.uris import Roots
from sayso.lines import split_lines
from sayso.model import DataError, Identity
from sayso.scanners import detect_secrets, semgrep

_VERSION = b"@VERSION@"
"""Stands in a seed for the version of an engine."""


@cache
def _authors() -> AuthorRules:
    return ai_authorship.read_rules(read_table("ai_authors.toml"))


@cache
def _claims() -> ClaimRules:
    return secure_claims.read_rules(read_table("claims.toml"))


@cache
def _habits() -> dict[str, Any]:
    return imports.habits(imports.known_tools())


def commit_message(data: bytes) -> None:
    """A line keeps its number through cleaning, and cleaning twice changes nothing."""
    raw = name(data)
    for keep in (False, True):
        clean = message.clean_message(raw, message.comment_string("auto", raw), keep)
        most = clean.count("\n") + 1
        assert most <= raw.count("\n") + 1
        for trailer in (*message.parse_trailers(clean), *message.loose_trailers(clean)):
            assert 1 <= trailer.line <= most
            assert trailer.key
        assert all(1 <= number <= most for number, _ in message.loose_lines(clean))
    once = message.clean_message(raw)
    assert message.clean_message(once) == once


def identity(data: bytes) -> None:
    """Whoever a name says they are, a tool is one that the rules know."""
    line = name(data)
    who = authornames.identity(line)
    known = {*_authors().tools, ""}
    assert authornames.tool_of(who.name, who.email, _authors(), credit=False) in known
    assert authornames.tool_of(who.name, who.email, _authors(), credit=True) in known
    assert authorlines.tool_of_line(line, _authors())[0] in known
    authornames.weigh(line, _authors())
    authornames.is_link_of(line, _authors())
    marks = ai_authorship.find_markers(line, who, Identity("Dev Eloper", "dev@example.org"), _authors())
    ai_authorship.judge(marks, message.parse_trailers(line), "require", (), _authors())


def claims(data: bytes) -> None:
    """A claim stands on a line that is there."""
    words = name(data)
    most = words.count("\n") + 1
    for context in ("message", "prose", "comment"):
        assert all(1 <= claim.line <= most for claim in secure_claims.find_claims(words, _claims(), context))


def comment(data: bytes) -> None:
    """Comments stand on lines that are there; without one, nothing is suppressed."""
    file, words = path(parts(data, 2)[0]), name(parts(data, 2)[1])
    most = len(split_lines(words)) + 1
    assert all(1 <= line <= most for line, _ in comments.prose_of(file, words) or ())
    assert all(1 <= line <= most for line in comments.comments_by_line(file, words) or {})
    spots = [Spot("python-eval", line, line) for line in range(1, min(most, 20))]
    standing, gone = suppress.split(spots, file, words)
    assert len(standing) + len(gone) == len(spots)
    assert not gone or "sayso:" in words


def report(data: bytes) -> None:
    """No report names anything outside of the repository."""
    document = jsondoc.read(data, "report")
    document.fields()
    for found in reader.read(document, Roots(("/home/dev/project",), "src/"), _habits()):
        for file in (*found.files, *found.unread, *(item.path for item in found.results)):
            assert not file.startswith("/")
            assert ".." not in file.split("/")
        reader.complete(found, reader.Stated(("a.py",), ("one",), success=True))


def engines(data: bytes) -> None:
    """What an engine prints about two files; none that it was not asked about is in the answer."""
    targets = ("a.py", "b.py")
    found = semgrep.parse(data.replace(_VERSION, semgrep.VERSION.encode()), targets, {"python-eval"}, ("b.py",))
    assert {*found.spots, *found.failed} == set(targets)


def secrets(data: bytes) -> None:
    """The same for the engine that looks for secrets."""
    given = data.replace(_VERSION, detect_secrets.VERSION.encode())
    assert set(detect_secrets.parse(given, ("a.py", "b.py"), {"secret-aws-access-key"})) == {"a.py", "b.py"}


def pins(data: bytes) -> None:
    """Requirements and lock files; a line of the answer is one of the file."""
    words = text(data)
    for read in (requirements.read, lockfiles.read_pylock, lockfiles.read_pyproject):
        found = read(words)
        most = len(words.splitlines()) + 1
        lines = {pin.line for pin in found.pins} | {gap.line for gap in found.gaps}
        assert all(1 <= line <= most for line in lines | {item.line for item in found.includes})
        assert all(requirements.is_version(pin.version) for pin in found.pins)


def toml(data: bytes) -> None:
    """Every complaint about a table says a line of the file, on one line."""
    words = text(data)
    try:
        table = tables.parse(words, "file")
    except ValueError as exc:
        raise DataError("file") from exc
    for key in tuple(table.values):
        for read in (table.text, table.number, table.texts, table.date, table.flag):
            table.values.setdefault(key, "")
            with contextlib.suppress(DataError):
                read(key)
        place = str(table.error("it is wrong", key)).split(":")
        assert 1 <= int(place[1]) <= len(words.splitlines()) + 1
    table.done()


TARGETS = {
    "message": commit_message,
    "identity": identity,
    "claims": claims,
    "comments": comment,
    "imports": report,
    "semgrep": engines,
    "secrets": secrets,
    "requirements": pins,
    "tables": toml,
}
