"""Flag changes to the parts of a project where a mistake is a security problem, so that a person looks at them.

What is sensitive is data (``rules/sensitive_areas.toml``). A path is judged by its
words, by file names and by directories, under both names of a rename and also
when it is deleted; its added lines are judged by signals such as a call that
switches verification off. A flag is not an accusation: it says where to look.

Surprising cases: tests and documents of a sensitive area are flagged by their
path, since a weakened test hides a weakened check, but their lines are not
judged: they are full of samples. A symbolic link at a sensitive path, a link
that leads to one or out of the repository, and a name that hides what it is are
flagged under "disguise"; a moved submodule counts as a changed dependency.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sayso import pathwords, tables
from sayso.arealines import LineSignals
from sayso.model import NO_MODE, SUBMODULE_MODE, SYMLINK_MODE, AddedLine, Change, ChangeKind, Rule, Severity, Snapshot
from sayso.pathareas import AreaPaths, PathIndex

DEPENDENCIES = "dependencies"
DISGUISE = "disguise"

_TRIGGER_LENGTH = 120


class Flag(NamedTuple):
    """A place that a person should look at. Line 0 means the path itself; ``trigger`` is what gave it away."""

    area: str
    rule: str
    path: str
    line: int
    trigger: str
    message: str


class _Area(NamedTuple):
    id: str
    title: str
    rule: Rule
    paths: AreaPaths
    scripts: AreaPaths


class AreaRules:
    """The sensitive areas, ready to match. ``rules`` has one rule for each, in the order of the file."""

    def __init__(self, table: tables.Table) -> None:
        self.content = LineSignals(table.table("content"))
        self.areas = tuple(self._area(entry, index) for index, entry in enumerate(table.tables("area")))
        self.rules = tuple(area.rule for area in self.areas)
        self.paths = PathIndex([area.paths for area in self.areas])
        self.scripts = PathIndex([area.scripts for area in self.areas])
        self._named: dict[int, tuple[str, ...]] = {}
        for required in (DEPENDENCIES, DISGUISE):
            if required not in (area.id for area in self.areas):
                raise table.error(f"no area {required!r}, which links and submodules need", "area")
        table.done()

    def named(self, mask: int) -> tuple[str, ...]:
        """Return the ids of the areas in ``mask``."""
        if mask not in self._named:
            self._named[mask] = tuple(area.id for index, area in enumerate(self.areas) if mask >> index & 1)
        return self._named[mask]

    def index(self, area: str) -> int:
        """Return the number of the area with this id."""
        return next(index for index, item in enumerate(self.areas) if item.id == area)

    def _area(self, entry: tables.Table, index: int) -> _Area:
        name, title = entry.text("id"), entry.text("title")
        paths = AreaPaths(*(entry.texts(key, ()) for key in AreaPaths._fields))
        scripts = AreaPaths(paths=entry.texts("script_paths", ()))
        for key, words in paths._asdict().items():
            for word in words if "words" in key or key == "names" else ():
                bare = word.removeprefix("^ ") if key == "names" else word
                if bare != " ".join(pathwords.pieces(bare)) and [bare] != pathwords.chunks(bare):
                    raise entry.error(f"{word!r} is not a word, or words, in lower case", key)
        lines = [line for signal in entry.tables("signal") for line in self.content.read(signal, index)]
        examples = entry.table("examples")
        rule = Rule(
            id=f"sensitive-{name}",
            summary=entry.text("summary"),
            severity=Severity(entry.choice("severity", tuple(Severity), Severity.WARNING)),
            why=entry.text("why"),
            fix=entry.text("fix"),
            since=entry.text("since"),
            flag=(*examples.texts("flag"), *lines),
            passes=examples.texts("pass"),
        )
        examples.done()
        entry.done()
        return _Area(name, title, rule, paths, scripts)


def parse_rules(text: str, source: str = "sensitive_areas.toml") -> AreaRules:
    """Parse the areas; raises ``DataError`` that names file, line and key."""
    return read_rules(tables.parse(text, source))


def read_rules(table: tables.Table) -> AreaRules:
    """Read the areas from a table that was parsed already; raises ``DataError``."""
    return AreaRules(table)


def areas_of(path: str, rules: AreaRules) -> tuple[str, ...]:
    """Return the ids of the areas that ``path`` belongs to by its name alone."""
    mask = rules.paths.mask(pathwords.fold(path))
    if pathwords.disguises(path):
        mask |= 1 << rules.index(DISGUISE)
    return rules.named(mask)


def declares_dependencies(path: str, rules: AreaRules) -> bool:
    """Tell whether evidence about dependencies must cover ``path``, be it flagged for its name alone or not."""
    plain = pathwords.fold(path)
    return bool((rules.paths.mask(plain) | rules.scripts.mask(plain)) >> rules.index(DEPENDENCIES) & 1)


def check(snapshot: Snapshot, rules: AreaRules) -> Iterator[Flag]:
    """Yield at most one flag for each path and area, and the first telling line for each path and area."""
    for change in snapshot.changes:
        added = snapshot.added.get(change.path, ())
        found: dict[int, tuple[str, list[str]]] = {}
        for name in change.names:
            for index, trigger in _path_triggers(name, rules):
                found.setdefault(index, (name, []))[1].append(trigger)
        for area, trigger in _link_triggers(change, added, rules):
            found.setdefault(rules.index(area), (change.path, []))[1].append(trigger)
        for index, (name, triggers) in sorted(found.items()):
            yield _flag(rules.areas[index], name, 0, ", ".join(dict.fromkeys(triggers)), _deed(change, name))
        if change.mode not in {SYMLINK_MODE, SUBMODULE_MODE}:
            for index, number, matched in rules.content.hits(change.path, added):
                yield _flag(rules.areas[index], change.path, number, matched, "added line")


def _path_triggers(name: str, rules: AreaRules) -> Iterator[tuple[int, str]]:
    plain = pathwords.fold(name)
    mask = rules.paths.mask(plain)
    for index in range(mask.bit_length()):
        if mask >> index & 1:
            for reason in rules.paths.reasons(plain, index):
                yield index, reason
    for reason in pathwords.disguises(name):
        yield rules.index(DISGUISE), reason


def _link_triggers(change: Change, added: tuple[AddedLine, ...], rules: AreaRules) -> Iterator[tuple[str, str]]:
    """Judge what is not a file: a link hides what is read, a submodule brings in code that no diff shows."""
    modes = (change.mode, change.old_mode)
    if SUBMODULE_MODE in modes:
        yield DEPENDENCIES, f"submodule (mode {SUBMODULE_MODE})"
    if SYMLINK_MODE not in modes:
        return
    if any(rules.paths.mask(pathwords.fold(name)) for name in change.names):
        yield DISGUISE, f"symbolic link (mode {SYMLINK_MODE}) at a sensitive path"
    if change.mode == SYMLINK_MODE and change.kind is not ChangeKind.DELETED:
        if change.old_mode not in {NO_MODE, SYMLINK_MODE}:
            yield DISGUISE, "file replaced by a symbolic link"
        for target in (line.text for line in added[:1]):
            if target.startswith(("/", "~")) or _leaves(change.path, target):
                yield DISGUISE, "symbolic link that leads out of the repository"
            elif rules.paths.mask(pathwords.fold(target)):
                yield DISGUISE, "symbolic link to a sensitive path"


def _leaves(path: str, target: str) -> bool:
    """Tell whether a relative ``target`` climbs above the root."""
    depth = path.count("/")
    for part in target.split("/"):
        depth += -1 if part == ".." else 0 if part in {"", "."} else 1
        if depth < 0:
            return True
    return False


def _deed(change: Change, name: str) -> str:
    if change.kind is ChangeKind.RENAMED:
        return f"renamed from {change.old_path}" if name == change.path else f"renamed to {change.path}"
    return str(change.kind)


def _flag(area: _Area, path: str, line: int, trigger: str, deed: str) -> Flag:
    message = f"{area.title}: {trigger} ({deed}). {area.rule.why}"
    return Flag(area.id, area.rule.id, path, line, trigger[:_TRIGGER_LENGTH], message)
