"""Read one policy file, strictly: every unknown key, wrong type and value out of bounds is an error with its line.

A file is data. It names no other file but the team's policy, and nothing in it is
executed or fetched. What it holds is bounded, because it may come from anybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from sayso import globs, tables
from sayso.model import DataError
from sayso.policyentries import acceptance, duty, entries, example, is_path, line, person, relaxation, test_map
from sayso.policykeys import KEYS, LISTS, SECTIONS, VERSION, Direction, Key
from sayso.settings import Acceptance, Duty, Example, Person, Relaxation, TestMap

FILE = "sayso.toml"
PYPROJECT = "pyproject.toml"
MOST_BYTES = 256 << 10

_SERVICE = re.compile(r"https://[^\s@/]+/\S*|http://(?:127\.0\.0\.1|\[::1\])(?::\d{1,5})?/\S*")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_HOOK = re.compile(r"[a-z][a-z0-9-]{0,63}")
_MOST_ITEMS = 100


class Team(NamedTuple):
    """Where the team's policy is: a path from the top, or an absolute one; and the SHA-256 that it must have."""

    policy: str
    sha256: str


class Layer(NamedTuple):
    """What one file says.

    ``values`` has only the keys that stand in it. ``title`` says whose file it is. ``tables`` are its tables, by
    section, and by entry as ``("duty", 2)``: they know the lines.
    """

    source: str
    values: Mapping[str, Any]
    tables: Mapping[str | tuple[str, int], tables.Table]
    people: tuple[Person, ...] = ()
    duties: tuple[Duty, ...] = ()
    tests: tuple[TestMap, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    relaxed: tuple[Relaxation, ...] = ()
    examples: tuple[Example, ...] = ()
    team: Team | None = None
    digest: str = ""
    title: str = "repository"

    def error(self, key: str, message: str) -> DataError:
        """Return an error at the line of a key."""
        section, _, name = key.partition(".")
        return self.tables[section].error(message, name)

    def place(self, key: str) -> str:
        """Return whose file a key stands in, and file and line."""
        section, _, name = key.partition(".")
        return f"{self.title} {_place(self.tables[section], name)}"

    def entry_place(self, section: str, index: int) -> str:
        """Return whose file an entry of an array of tables stands in, and file and line."""
        return f"{self.title} {_place(self.tables[section, index], '')}"


def read(text: str, source: str = FILE, *, title: str = "repository", digest: str = "") -> Layer:
    """Read a policy file; raises ``DataError``."""
    return _layer(_parsed(text, source), source)._replace(title=title, digest=digest)


def within_pyproject(text: str, source: str = PYPROJECT) -> Layer | None:
    """Read the policy in a ``pyproject.toml``; None where it has none."""
    if not may_hold_policy(text.encode("utf-8", "surrogatepass")):
        return None
    tool = _parsed(text, source).table("tool")
    return _layer(tool.table("sayso"), source) if "sayso" in tool.values else None


_ITS_TABLE = re.compile(
    rb"""\btool\b["']?[ \t]*\.[ \t]*["']?sayso\b|^[ \t]*\[[ \t]*["']?tool["']?[ \t]*\]|^[ \t]*["']?tool["']?[ \t]*=""",
    re.MULTILINE,
)


def may_hold_policy(data: bytes) -> bool:
    """Tell whether a ``pyproject.toml`` must be parsed: most of them never speak of us."""
    return b"sayso" in data and _ITS_TABLE.search(data) is not None


def _parsed(text: str, source: str) -> tables.Table:
    try:
        return tables.parse(text, source)
    except ValueError as exc:
        raise DataError(f"{source}:1: not valid TOML: {exc}") from exc


def _place(table: tables.Table, key: str) -> str:
    """Take file and line from the error that the table would give."""
    return str(table.error("", key)).rpartition(": ")[0].rpartition(": ")[0]


def _layer(root: tables.Table, source: str) -> Layer:
    found: dict[str | tuple[str, int], tables.Table] = {name: root.table(name) for name in SECTIONS}
    arrays = {name: entries(root, name) for name in (*LISTS, "example")}
    team = root.table("team")
    root.done()
    values: dict[str, Any] = {}
    for key in KEYS:
        name = key.name.partition(".")[2]
        given = name in found[key.section].values
        value = _value(found[key.section], key, name)
        if given:
            values[key.name] = value
    pin = _team(team) if team.values else None
    found["team"] = team
    for table in found.values():
        table.done()
    found |= {(name, index): entry for name, items in arrays.items() for index, entry in enumerate(items)}
    return Layer(
        source,
        values,
        found,
        tuple(map(person, arrays["person"])),
        tuple(map(duty, arrays["duty"])),
        tuple(map(test_map, arrays["test-map"])),
        tuple(map(acceptance, arrays["accept"])),
        tuple(map(relaxation, arrays["relax"])),
        tuple(map(example, arrays["example"])),
        pin,
    )


def _value(section: tables.Table, key: Key, name: str) -> Any:
    if key.direction is Direction.TRUE:
        return section.flag(name, default=key.default)
    if key.direction is Direction.RANKED:
        order = tuple(reversed(key.allowed)) if key.allowed[-1] == "all" else key.allowed
        return section.choice(name, order, key.default)
    if key.direction is Direction.SMALLER:
        number = section.number(name, key.default)
        days = "a number of days" if "days" in name else "a number"
        if number < key.least:
            raise section.error(f"expected {days}, not less than {key.least}", name)
        if number > key.most:
            raise section.error(f"expected {days}, not more than {key.most}", name)
        return number
    if key.direction in {Direction.FEWER, Direction.MORE}:
        return _items(section, key, name)
    text = section.text(name, key.default)
    problem = _unusable(name, text)
    if problem:
        raise section.error(problem, name)
    return text


def _items(section: tables.Table, key: Key, name: str) -> tuple[str, ...]:
    items = section.texts(name, key.default)
    if len(items) > _MOST_ITEMS:
        raise section.error(f"more than {_MOST_ITEMS} items", name)
    for item in items:
        if key.allowed and item not in key.allowed:
            raise section.error(f"{item[:80]!r} is not one of {', '.join(key.allowed)}", name)
        if not key.allowed and not _HOOK.fullmatch(item):
            raise section.error(f"{item[:80]!r} is not the id of a hook", name)
    return tuple(dict.fromkeys(items))


def _unusable(name: str, text: str) -> str:
    """Say why a text is not what the key of this name takes, or return ""."""
    if name == "osv-url":
        fits = len(text) <= globs.LONGEST and _SERVICE.fullmatch(text)
        return "" if fits else "expected an https:// address, such as the default, or http:// on this machine"
    if name == "minimum-rev":
        return "" if not text or VERSION.fullmatch(text) else "expected a version, such as v1.2.0"
    if name == "osv-export":
        return "" if not text else line(text, most=1000)
    return "" if is_path(text) else "expected a path from the top, without '..'"


def _team(section: tables.Table) -> Team:
    found = Team(section.text("policy"), section.text("sha256").lower())
    if not (is_path(found.policy) or (found.policy.startswith(("/", "~/")) and not line(found.policy, most=1000))):
        raise section.error("expected a path from the top, an absolute one, or one that begins with ~/", "policy")
    if not _DIGEST.fullmatch(found.sha256):
        raise section.error("expected the SHA-256 of the file, 64 hex digits", "sha256")
    return found
