"""Find signs in added lines: input, boundaries, endpoints, validation, audit events; and what an agent would read.

A sign is a pattern, so its presence is a place to look at and its absence proves
nothing. Comments are left out, and so are tests: what a test feeds to itself is no
input of the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sayso.comments import comments_by_line, is_document
from sayso.generated import kind_by_name
from sayso.lines import split_lines
from sayso.model import SYMLINK_MODE, Snapshot
from sayso.tables import Table

INPUT, BOUNDARY, ENDPOINT, VALIDATION, AUDIT = KINDS = ("input", "boundary", "endpoint", "validation", "audit")

_MOST_LINE = 2000
_TEST = re.compile(
    r"(?:^|/)(?:tests?|specs?|__tests__|testdata|fixtures|e2e|cypress)/|(?:^|/)(?:test_|conftest)|[._-](?:test|spec)s?\.|Tests?\.\w{2,6}$"
)
_INERT = frozenset(("md", "markdown", "rst", "adoc", "asciidoc", "org", "textile"))
_PROSE = re.compile(r"""["'`][^"'`\n]{0,200}?\w{2,30}(?:[ ,;:]{1,3}\w{1,30}){4}""")
_WORDS = re.compile(r"[^\W\d_]{2,40}(?:\W{1,4}[^\W\d_]{2,40}){2}")


class Place(NamedTuple):
    """Where an answer can be checked; line 0 is the file as a whole."""

    path: str
    line: int
    what: str


class Sign(NamedTuple):
    """A pattern and what it tells; the fields are those of ``rules/checklist.toml``."""

    kind: str
    what: str
    gate: tuple[str, ...]
    pattern: str
    endings: frozenset[str]
    flag: tuple[str, ...]
    passes: tuple[str, ...]


class ChecklistRules(NamedTuple):
    """The questions in their order, and what answers them."""

    questions: tuple[tuple[str, str], ...]
    signs: tuple[Sign, ...]
    audited: frozenset[str]
    permitting: frozenset[str]
    near: int


class Seen(NamedTuple):
    """What the added lines show: places by kind, and what an agent would read; ``code``: not only inert documents."""

    places: Mapping[str, tuple[Place, ...]]
    code: bool
    prose: tuple[Place, ...]


def read_rules(table: Table) -> ChecklistRules:
    """Read the rules; raises ``DataError``."""
    groups = table.table("files")
    endings = {name: groups.texts(name) for name in groups.keys()}  # noqa: SIM118 - a table is no mapping
    groups.done()
    questions = []
    for entry in table.tables("question"):
        questions.append((entry.text("id"), entry.text("text")))
        entry.done()
    signs = tuple(_sign(entry, endings) for entry in table.tables("sign"))
    audited, permitting = table.texts("audited"), table.texts("permitting")
    found = ChecklistRules(tuple(questions), signs, frozenset(audited), frozenset(permitting), table.number("near"))
    table.done()
    return found


def _sign(entry: Table, endings: Mapping[str, Sequence[str]]) -> Sign:
    kind = entry.choice("kind", KINDS)
    what, gate, pattern = entry.text("what"), entry.texts("gate"), entry.text("pattern")
    wanted = entry.texts("files", ())
    for name in wanted:
        if name not in endings:
            raise entry.error(f"{name!r} is not one of {', '.join(endings)}", "files")
    files = frozenset(ending for name in wanted for ending in endings[name])
    sign = Sign(kind, what, gate, pattern, files, entry.texts("flag"), entry.texts("pass"))
    entry.done()
    return sign


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def is_test(path: str) -> bool:
    """Tell whether a file is a test or belongs to tests, by its name."""
    return bool(_TEST.search(path))


def is_inert(path: str) -> bool:
    """Tell whether a file is a document that no program reads: pages with scripts and plain text files may be read."""
    name = path.lower().rpartition("/")[2]
    return is_document(path) and ("." not in name or name.rpartition(".")[2] in _INERT)


def seen(snapshot: Snapshot, rules: ChecklistRules) -> Seen:
    """Look through all lines that the change adds."""
    places: dict[str, list[Place]] = {kind: [] for kind in KINDS}
    prose: list[Place] = []
    code = not snapshot.changes
    for change in snapshot.changes:
        code |= change.mode == SYMLINK_MODE or not all(map(is_inert, change.names))
        if change.mode == SYMLINK_MODE:
            continue
        if change.path in snapshot.texts:
            prose += _read_by_agents(change.path, snapshot)
            if not (is_test(change.path) or is_document(change.path) or kind_by_name(change.path)):
                for kind, place in _signs(change.path, snapshot, rules):
                    places[kind].append(place)
    return Seen({kind: tuple(found) for kind, found in places.items()}, code, tuple(prose))


def _signs(path: str, snapshot: Snapshot, rules: ChecklistRules) -> Iterator[tuple[str, Place]]:
    """Yield each kind at most once for a line."""
    added = snapshot.added.get(path, ())
    low = "\n".join(line.text[:_MOST_LINE] for line in added).lower()
    signs = [sign for sign in _for(path, rules) if any(word in low for word in sign.gate)]
    if not signs:
        return
    comments = comments_by_line(path, snapshot.texts[path]) or {}
    for line in added:
        text = line.text[:_MOST_LINE]
        comment = comments.get(line.number, "")
        bare = text.replace(comment, "", 1) if comment else text
        lower = bare.lower()
        kinds = set[str]()
        for sign in signs:
            if sign.kind in kinds or not any(word in lower for word in sign.gate):
                continue
            if _compiled(sign.pattern).search(bare):
                kinds.add(sign.kind)
                yield sign.kind, Place(path, line.number, sign.what)


def _for(path: str, rules: ChecklistRules) -> list[Sign]:
    name = path.lower().rpartition("/")[2]
    ending = name.rpartition(".")[2]
    return [sign for sign in rules.signs if not sign.endings or ending in sign.endings]


def stands_near(place: Place, kind: str, snapshot: Snapshot, rules: ChecklistRules) -> Place | None:
    """Return a sign of ``kind`` at most ``rules.near`` lines from ``place``, in added or older lines of the file."""
    lines = split_lines(snapshot.texts.get(place.path, ""))
    signs = [sign for sign in _for(place.path, rules) if sign.kind == kind]
    first = max(place.line - 1 - rules.near, 0)
    near = range(first, min(place.line + rules.near, len(lines)))
    for number in sorted(near, key=lambda number: abs(number - place.line + 1)):
        text = lines[number][:_MOST_LINE]
        low = text.lstrip().lower()
        if low.startswith(("#", "//", "*", "/*")):
            continue
        for sign in signs:
            if any(word in low for word in sign.gate) and _compiled(sign.pattern).search(text):
                return Place(place.path, number + 1, sign.what)
    return None


def _read_by_agents(path: str, snapshot: Snapshot) -> Iterator[Place]:
    """Yield the first added line of a file that holds prose: a document, a comment, or words in a string."""
    added = snapshot.added.get(path, ())
    if is_document(path):
        if any(line.text.strip() for line in added):
            yield Place(path, next(line.number for line in added if line.text.strip()), "text that an agent may read")
        return
    comments = comments_by_line(path, snapshot.texts[path]) or {}
    for line in added:
        if _WORDS.search(comments.get(line.number, "")[:_MOST_LINE]):
            yield Place(path, line.number, "a comment that an agent may read")
            return
        if _PROSE.search(line.text[:_MOST_LINE]):
            yield Place(path, line.number, "words in a string that an agent may read")
            return
