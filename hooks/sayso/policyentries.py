"""Read the entries of a policy that come as arrays of tables: people, duties, exceptions and examples."""

from __future__ import annotations

import re

from sayso import globs, tables
from sayso.policykeys import BY_NAME
from sayso.relax import UNRELAXABLE, unrelaxable
from sayso.settings import DUTIES, FILE_KINDS, KINDS, Acceptance, Duty, Example, Person, Relaxation, TestMap

_ADVISORY = re.compile(r"[A-Za-z][A-Za-z0-9]{1,15}-[A-Za-z0-9-]{3,60}")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_SIGNAL = re.compile(r"ai|[a-z0-9]+(?:-[a-z0-9]+)*(?:-?\*)?")
_CASE = re.compile(r"(?:unit:|e2e:)?[a-z][a-z0-9-]{0,39}")
_EMAIL = re.compile(r"[^\s<>@,;:\"]{1,128}@[^\s<>@,;:\"]{1,128}")
_MOST_ENTRIES = 500
_MOST_ITEMS = 100
_MOST_TEXT = 500
_MOST_ID = 80
_MOST_CONTENT = 20_000


def entries(root: tables.Table, name: str) -> tuple[tables.Table, ...]:
    """Take an array of tables of bounded length."""
    given = root.values.get(name)
    if isinstance(given, list) and len(given) > _MOST_ENTRIES:
        raise root.error(f"more than {_MOST_ENTRIES} entries", name)
    return tuple(root.tables(name))


def line(text: str, most: int = _MOST_TEXT) -> str:
    """Say why ``text`` is no line of words, or return ""."""
    if not text.strip():
        return "is empty"
    if len(text) > most:
        return f"has more than {most} characters"
    return "" if text.isprintable() else "has characters that cannot be seen"


def is_path(text: str) -> bool:
    """Tell whether ``text`` is a path from the top that leads nowhere else."""
    segments = text.removesuffix("/").split("/")
    return not line(text) and "\\" not in text and not {"", ".", ".."} & set(segments) and not text.startswith("~")


def person(entry: tables.Table) -> Person:
    """Read somebody whose review counts."""
    found = Person(_line(entry, "name"), _items(entry, "emails", None), _items(entry, "may", ("review",)))
    entry.done()
    if not found.emails:
        raise entry.error("names no address", "emails")
    for email in found.emails:
        if not _EMAIL.fullmatch(email):
            raise entry.error(f"{email!r} is not an address", "emails")
    for duty_name in found.may:
        if duty_name not in DUTIES:
            raise entry.error(f"{duty_name!r} is not one of {', '.join(DUTIES)}", "may")
    return found


def duty(entry: tables.Table) -> Duty:
    """Read what a change owes."""
    found = Duty(
        id=_id(entry, "id"),
        when=_items(entry, "when"),
        paths=_globs(entry, "paths"),
        evidence=_items(entry, "evidence", None),
        cases=_items(entry, "cases"),
        excluded=_globs(entry, "except"),
        files=_items(entry, "files"),
        title=_line(entry, "title", ""),
        why=_line(entry, "why", ""),
    )
    entry.done()
    for signal in found.when:
        if not _SIGNAL.fullmatch(signal) or len(signal) > _MOST_ID:
            raise entry.error(f"{signal!r} is not the id of a rule, its beginning with *, or 'ai'", "when")
    _one_of(entry, "evidence", found.evidence, KINDS)
    _one_of(entry, "files", found.files, FILE_KINDS)
    if not found.evidence:
        raise entry.error("names no kind of evidence", "evidence")
    for case in found.cases:
        if not _CASE.fullmatch(case):
            raise entry.error(f"{case!r} is not a case, such as 'deny' or 'e2e:deny'", "cases")
    if found.cases and not any(kind.startswith("tests:") for kind in found.evidence):
        raise entry.error("only tests have cases, and no tests are owed", "cases")
    return found


def test_map(entry: tables.Table) -> TestMap:
    """Read which tests belong to which source."""
    found = TestMap(_line(entry, "source"), _items(entry, "tests", None))
    entry.done()
    for key, pattern in (("source", found.source), *(("tests", item) for item in found.tests)):
        problem = globs.problem(pattern.replace("{name}", "x").replace("{dir}", "x") if key == "tests" else pattern)
        if problem:
            raise entry.error(f"{pattern!r} {problem}", key)
    if not found.tests:
        raise entry.error("names no tests", "tests")
    return found


def acceptance(entry: tables.Table) -> Acceptance:
    """Read an advisory that somebody has decided to live with."""
    found = Acceptance(entry.text("advisory"), entry.text("reason"), entry.text("owner"), entry.date("expires"))
    entry.done()
    if not _ADVISORY.fullmatch(found.advisory):
        raise entry.error(f"{found.advisory!r} is not the id of an advisory, such as GHSA-… or CVE-…", "advisory")
    _explained(entry, found)
    return found


def relaxation(entry: tables.Table) -> Relaxation:
    """Read what somebody loosens for a while."""
    found = Relaxation(entry.text("rule"), entry.text("reason"), entry.text("owner"), entry.date("expires"))
    entry.done()
    if unrelaxable(found.rule):
        raise entry.error(f"{found.rule!r} cannot be relaxed: {UNRELAXABLE[unrelaxable(found.rule)]}", "rule")
    if found.rule not in BY_NAME and (not _ID.fullmatch(found.rule) or len(found.rule) > _MOST_ID):
        from difflib import get_close_matches  # noqa: PLC0415 - only an error pays for it

        near = get_close_matches(found.rule, BY_NAME, 1) if len(found.rule) <= _MOST_ID else []
        hint = f", did you mean {near[0]!r}?" if near else ""
        raise entry.error(f"{found.rule[:80]!r} is not a key, a duty or a rule{hint}", "rule")
    _explained(entry, found)
    return found


def example(entry: tables.Table) -> Example:
    """Read a change and the verdict that is expected of it."""
    found = Example(
        name=_line(entry, "name"),
        paths=_contents(entry),
        message=entry.text("message", ""),
        author=entry.text("author", "Dev Eloper <dev@example.org>"),
        ai=entry.flag("ai", default=False),
        evidence=_items(entry, "evidence"),
        expect=entry.choice("expect", ("pass", "refuse")),
        owed=_items(entry, "owed") if "owed" in entry.values else None,
    )
    entry.done()
    _one_of(entry, "evidence", found.evidence, KINDS)
    _one_of(entry, "owed", found.owed or (), KINDS)
    if len(found.message) > _MOST_CONTENT:
        raise entry.error(f"has more than {_MOST_CONTENT} characters", "message")
    if line(found.author):
        raise entry.error(line(found.author), "author")
    return found


def _contents(entry: tables.Table) -> tuple[tuple[str, str], ...]:
    """Take the files of an example: a list of names, or a table of what they hold."""
    if not isinstance(entry.values.get("paths"), dict):
        found = tuple((path, "") for path in _items(entry, "paths", None))
    else:
        table = entry.table("paths")
        found = tuple((path, table.text(path)) for path in tuple(table.values))
    if not found or len(found) > _MOST_ITEMS:
        raise entry.error(f"expected 1 to {_MOST_ITEMS} paths", "paths")
    for path, content in found:
        if not is_path(path):
            raise entry.error(f"{path[:80]!r} is not a path from the top, without '..'", "paths")
        if len(content) > _MOST_CONTENT:
            raise entry.error(f"{path!r} has more than {_MOST_CONTENT} characters", "paths")
    return found


def _explained(entry: tables.Table, found: Acceptance | Relaxation) -> None:
    for key in ("reason", "owner"):
        problem = line(getattr(found, key))
        if problem:
            raise entry.error(problem, key)


def _id(entry: tables.Table, key: str) -> str:
    text = entry.text(key)
    if not _ID.fullmatch(text) or len(text) > _MOST_ID:
        raise entry.error(f"{text[:80]!r} is not an id: two or more words of small letters, with '-' between", key)
    return text


def _line(entry: tables.Table, key: str, default: str | None = None) -> str:
    text = entry.text(key, default)
    problem = line(text) if text != default else ""
    if problem:
        raise entry.error(problem, key)
    return text


def _items(entry: tables.Table, key: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
    items = entry.texts(key, default)
    if len(items) > _MOST_ITEMS:
        raise entry.error(f"more than {_MOST_ITEMS} items", key)
    for item in items:
        if line(item):
            raise entry.error(f"{item[:80]!r} {line(item)}", key)
    return tuple(dict.fromkeys(items))


def _globs(entry: tables.Table, key: str) -> tuple[str, ...]:
    patterns = _items(entry, key)
    for pattern in patterns:
        problem = globs.problem(pattern)
        if problem:
            raise entry.error(f"{pattern[:80]!r} {problem}", key)
    return patterns


def _one_of(entry: tables.Table, key: str, given: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    for item in given:
        if item not in allowed:
            raise entry.error(f"{item[:80]!r} is not one of {', '.join(allowed)}", key)
