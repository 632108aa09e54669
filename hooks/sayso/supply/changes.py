"""Compare what a file said with what it says now, so that moving or reformatting it is no news.

What stood in another manifest of the same change is not new either: it has only
moved. A bump of what was there is no news; a looser constraint is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sayso.supply import constraints, declared
from sayso.supply.declared import SCRIPT, SERVER, SOURCE, UNVERIFIED, Dependency, Entry, Reading
from sayso.supply.signs import Sign

_MOST_NAMED = 8
_MOST_ALIKE = 100
_MOST_LOWERED = 3
_PROGRAM = re.compile(r"[\w./:@-]{1,60}")
_FETCHED = frozenset((declared.GIT, declared.ADDRESS, declared.PATH))


class Known(NamedTuple):
    """What is no news: what other manifests of the change asked for and said before, and what everybody uses."""

    elsewhere: Mapping[str, Sequence[Dependency]]
    said: frozenset[tuple[str, str, str]]
    hosts: frozenset[str]
    backends: frozenset[str]


def compare(old: Reading, new: Reading, known: Known, *, first: bool) -> Iterator[Sign]:
    """Yield what is new or looser in ``new``; ``first`` tells that nothing stood there before."""
    yield from _dependencies(old, new, known, first=first)
    had = known.said.union(item[:3] for item in old.entries)
    named = {(item.kind, item.name) for item in old.entries}
    values = {(item.kind, item.value) for item in old.entries}
    for entry in dict.fromkeys(new.entries):
        if entry[:3] in had or (entry.kind == SOURCE and (SOURCE, entry.value) in values):
            continue
        describe = _ENTRIES.get(entry.kind)
        sign = describe(entry, (entry.kind, entry.name) in named, known) if describe else None
        if sign:
            yield sign
    for item in dict.fromkeys(old.entries):
        if item.kind == "demand" and item not in new.entries:
            yield Sign("supply-verification-off", 0, item.name, f"{item.name} is gone")


def altered(old: Reading, new: Reading) -> bool:
    """Tell whether a lock file must follow: a package or a version that was not asked for before, or one less."""
    return _asked(old) != _asked(new)


def _asked(reading: Reading) -> frozenset[tuple[str, ...]]:
    return frozenset(
        (item.name, item.spec, item.origin, item.where, item.ref)
        for item in reading.dependencies
        if not (item.group in {"build", "managed"} or item.origin == declared.OWN)
    )


def _dependencies(old: Reading, new: Reading, known: Known, *, first: bool) -> Iterator[Sign]:
    had = _by_name(old.dependencies)
    fresh: dict[str, Dependency] = {}
    followers: dict[str, Dependency] = {}
    lowered: list[Sign] = []
    for name, items in _by_name(new.dependencies).items():
        before = (had.get(name) or known.elsewhere.get(name, ()))[:_MOST_ALIKE]
        if len(items) > _MOST_ALIKE:
            message = f"{_shown(items[0])} is asked for in {len(items)} ways: nobody can tell which of them holds"
            yield Sign("supply-unreadable", items[0].written, name, message)
            continue
        for item in items:
            if item in before or item.origin == declared.OWN:
                continue
            if item.origin in _FETCHED:
                yield from _fetched(item, before)
            elif before:
                for sign in _changed(item, before):
                    if sign.rule == "supply-downgrade":
                        lowered.append(sign)
                    else:
                        yield sign
            elif item.indirect:
                followers[name] = item
            elif not item.override:
                fresh[name] = item
    yield from _new(list(fresh.values()), first=first)
    if len(lowered) <= _MOST_LOWERED:
        yield from lowered
    else:
        message = f"{len(lowered)} dependencies go back to older versions: {_named(sign.what for sign in lowered)}"
        yield lowered[0]._replace(message=message)
    if followers:
        message = f"{_count(followers, 'package')} that others ask for: {_named(followers)}"
        written = next(iter(followers.values())).written
        yield Sign("supply-new-indirect", written, ", ".join(followers)[:200], message)


def _new(fresh: Sequence[Dependency], *, first: bool) -> Iterator[Sign]:
    """Tell of new packages one by one, and of a whole new manifest at once."""
    if first and len(fresh) > 1:
        names = [item.name for item in fresh]
        loose = [item.name for item in fresh if not constraints.is_exact(item.spec, item.dialect)]
        rest = f"; not at one version: {len(loose)}" if loose else ""
        message = f"a new manifest asks for {_count(names, 'package')}: {_named(names)}{rest}"
        yield Sign("supply-new-dependency", fresh[0].written, ", ".join(names)[:200], message)
        return
    for item in fresh:
        spec = f" {declared.clean(item.spec)}" if item.spec else ""
        group = f" (in {item.group[:40]})" if item.group not in {"", "dependencies"} else ""
        what = f"{_shown(item)}{spec}"
        yield Sign("supply-new-dependency", item.written, what, f"{what} is a new dependency{group}")


def _fetched(item: Dependency, before: Sequence[Dependency]) -> Iterator[Sign]:
    """Judge what comes from another place than a registry; a newer revision of the same place is a bump."""
    same = [one for one in before if (one.origin, one.where) == (item.origin, item.where)]
    line, place = item.written, declared.clean(item.where)
    if item.origin == declared.GIT and not declared.is_commit(item.ref):
        if any(one.ref == item.ref for one in same):
            return
        ref = f"at {item.ref[:60]!r}" if item.ref else "at no revision"
        message = f"{item.name} comes from git{f' ({place})' if place else ''} {ref}, which can be moved"
        yield Sign("supply-mutable-ref", line, item.name, message)
    elif not same:
        origin = {declared.GIT: "git", declared.ADDRESS: "an address", declared.PATH: "a file"}[item.origin]
        message = f"{item.name} comes from {origin} instead of a registry: {place}"
        yield Sign("supply-direct-source", line, item.name, message)


def _changed(item: Dependency, before: Sequence[Dependency]) -> Iterator[Sign]:
    """Judge a constraint against every former one of the same package, or of the same group where there is one."""
    if item.origin == declared.MANAGED or item.group == "peerDependencies":
        return
    former = [one for one in before if one.group == item.group] or list(before)
    if any(one.spec == item.spec and one.origin == item.origin and one.hashed <= item.hashed for one in former):
        return
    comparable = [one for one in former if one.origin == declared.REGISTRY]
    line, now = item.written, declared.clean(item.spec) or "any version"
    reasons = [constraints.loosened(one.spec, item.spec, item.dialect, one.dialect) for one in comparable]
    if comparable and all(reasons):
        message = f"{item.name} {reasons[0]}: {declared.clean(comparable[0].spec) or 'any version'} → {now}"
        mild = all(reason == constraints.RAISED for reason in reasons)
        yield Sign("supply-loosened-dependency", line, item.name, message, mild)
    elif comparable and not item.hashed and all(one.hashed for one in comparable):
        yield Sign("supply-loosened-dependency", line, item.name, f"{item.name} has lost its hash")
    elif (
        comparable
        and not item.indirect
        and all(constraints.lowered(one.spec, item.spec, item.dialect, one.dialect) for one in comparable)
    ):
        message = f"{item.name} goes back: {declared.clean(comparable[0].spec)} → {now}"
        yield Sign("supply-downgrade", line, item.name, message)


def _script(entry: Entry, changed: bool, known: Known) -> Sign:
    verb = "changes" if changed else "is new"
    program = next(iter(entry.value.split()), "")
    told = f": {program}" if _PROGRAM.fullmatch(program) and not entry.name.endswith(program) else ""
    message = f"{entry.name} {verb}, and runs code where this is installed or built{told}"
    mild = entry.name == "build-backend" and entry.value in known.backends
    return Sign("supply-install-script", entry.written, entry.name, message, mild)


def _source(entry: Entry, changed: bool, known: Known) -> Sign | None:
    place = declared.host(entry.value)
    if place in known.hosts or (not place and not entry.name.endswith(("replace-with", "package", "registry"))):
        return None
    verb = "changes to" if changed else "is"
    message = f"packages may come from a new place: {entry.name} {verb} {place or declared.clean(entry.value)}"
    return Sign("supply-new-registry", entry.written, place or entry.name, message)


def _unverified(entry: Entry, _: bool, __: Known) -> Sign:
    message = f"what is fetched is verified less: {entry.name} {declared.clean(entry.value)}"
    return Sign("supply-verification-off", entry.written, entry.name, message)


def _server(entry: Entry, changed: bool, _: Known) -> Sign:
    from sayso.supply import servers  # noqa: PLC0415 - few changes have one

    line, package = entry.written, servers.unpinned(entry.value)
    verb = "starts something else or is elsewhere" if changed else "is new"
    if package:
        message = f"MCP server {entry.name} {verb}, and fetches {declared.clean(package)} anew, in whatever version"
        return Sign("supply-mcp-unpinned", line, entry.name, message)
    place = servers.address(entry.value)
    program = next(iter(servers.words(entry.value)), "")
    told = f": {declared.clean(place or program)}" if place or program else ""
    return Sign("supply-mcp-server", line, entry.name, f"MCP server {entry.name} {verb}{told}")


_ENTRIES: Mapping[str, Callable[[Entry, bool, Known], Sign | None]] = {
    SCRIPT: _script,
    SOURCE: _source,
    UNVERIFIED: _unverified,
    SERVER: _server,
}


def _by_name(items: Iterable[Dependency]) -> dict[str, list[Dependency]]:
    found: dict[str, list[Dependency]] = {}
    for item in dict.fromkeys(items):
        found.setdefault(item.name, []).append(item)
    return found


def _shown(item: Dependency) -> str:
    """Return the name as it is written, unless that is another one than the package's."""
    written, name = (re.sub(r"[-_.]+", "-", text).lower() for text in (item.written, item.name))
    return item.written if written == name else item.name


def _named(names: Iterable[str]) -> str:
    shown = list(names)
    return ", ".join(name[:80] for name in shown[:_MOST_NAMED]) + (" …" if len(shown) > _MOST_NAMED else "")


def _count(items: Sequence[str] | Mapping[str, Dependency], word: str) -> str:
    return f"{len(items)} new {word}{'s' if len(items) != 1 else ''}"
