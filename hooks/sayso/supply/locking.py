"""Judge lock files beside the manifests that they belong to: what changes without the other, and what is new in a lock.

A lock may serve many manifests below it, so any manifest at or below its folder
explains a change to it, and any lock at or above a manifest follows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sayso.model import Change, ChangeKind, Snapshot
from sayso.supply import changes, declared, files, locks
from sayso.supply.declared import Reading
from sayso.supply.signs import Sign

_MOST_HOSTS = 20
_MOST_NAMED = 8
_ONLY_NAMES = frozenset(("rust",))  # Cargo.lock keeps versions, and a wider or narrower range may change none


class Pair(NamedTuple):
    """A manifest as it was and as it is."""

    old: Reading
    new: Reading


def followed(path: str, pair: Pair, snapshot: Snapshot) -> Iterator[Sign]:
    """Yield a sign if what a manifest asks for has changed, and a lock that is there has not."""
    if not _altered(files.ecosystem_of(path), pair):
        return
    places = [place for place in files.locks_for(path) if place in snapshot.there]
    touched = {name for change in snapshot.changes for name in change.names}
    if not places or any(place in touched for place in places):
        return
    beside = places[0].rpartition("/")[0] == path.rpartition("/")[0]
    if beside or pair.old.dependencies:  # a new project below another one's lock is seldom a part of it
        message = f"what is asked for here changes, and {places[0]} does not"
        yield Sign("supply-manifest-without-lock", 0, places[0], message, mild=not beside)


def once(found: list[tuple[str, Sign]]) -> Iterator[tuple[str, Sign]]:
    """Yield what is said of manifests; what is said of many in the same words only of the first of them."""
    counts = Counter(_same(sign) for _, sign in found)
    for path, sign in found:
        count = counts.pop(_same(sign), 0)
        if count > 1:
            yield path, sign._replace(message=f"{sign.message} (and so in {count - 1} more)")
        elif count:
            yield path, sign


def _same(sign: Sign) -> Sign:
    return sign._replace(line=0)


def _altered(ecosystem: str, pair: Pair) -> bool:
    if ecosystem in _ONLY_NAMES:
        names = [{item.name for item in reading.dependencies if not item.override} for reading in pair]
        return names[0] != names[1]
    if ecosystem == "go":  # what is no longer required may still be needed by others
        return bool(_versions(pair.new) - _versions(pair.old))
    return changes.altered(*pair)


def _versions(reading: Reading) -> set[tuple[str, str]]:
    return {(item.name, item.spec) for item in reading.dependencies if item.origin != declared.OWN}


def check(change: Change, snapshot: Snapshot, known: frozenset[str]) -> Iterator[Sign]:
    """Yield what is to be said of a changed lock file."""
    path = change.path
    if change.kind is ChangeKind.DELETED:
        if not _replaced(path, snapshot) and any(place in snapshot.there for place in files.manifests_for(path)):
            message = "the lock file goes, and its manifest stays: what is installed is decided anew each time"
            yield Sign("supply-lock-removed", 0, path, message)
        return
    text, before = snapshot.texts.get(path), snapshot.before.get(path, "")
    if change.kind is ChangeKind.MODIFIED and not _explained(path, snapshot.changes):
        yield _alone(path, text, before)
    if text is None:
        return
    had = locks.hosts(path, before)
    fresh = {place: at for place, at in locks.hosts(path, text).items() if place not in had and place not in known}
    for place, at in list(fresh.items())[:_MOST_HOSTS]:
        message = f"the lock file fetches from a new place: {place}"
        yield Sign("supply-lock-host", _line_of(at, text), place, message)


def _alone(path: str, text: str | None, before: str) -> Sign:
    if text is None or not before or not locks.reads(path):
        return Sign("supply-lock-without-manifest", 0, path, "the lock file changes alone, and cannot be read")
    fresh = sorted(locks.names(path, text) - locks.names(path, before))
    if not fresh:
        return Sign("supply-lock-refreshed", 0, path, "the lock file changes alone, and names no new package")
    shown = ", ".join(fresh[:_MOST_NAMED]) + (" …" if len(fresh) > _MOST_NAMED else "")
    message = f"the lock file changes alone, and names {len(fresh)} new package{'s' if len(fresh) > 1 else ''}: {shown}"
    return Sign("supply-lock-without-manifest", _line_of(fresh[0], text), shown, message)


def _explained(lock: str, all_changes: tuple[Change, ...]) -> bool:
    folder = lock.rpartition("/")[0]
    ecosystem = files.lock_of(lock)
    return any(
        (not folder or name.startswith(f"{folder}/")) and files.ecosystem_of(name) == ecosystem
        for change in all_changes
        for name in change.names
    )


def _replaced(lock: str, snapshot: Snapshot) -> bool:
    """Tell whether another lock takes the place of one, as with another package manager, or one of a workspace."""
    ecosystem = files.lock_of(lock)
    places = {place for manifest in files.manifests_for(lock) for place in files.locks_for(manifest)}
    if places & snapshot.there:
        return True
    return any(
        files.lock_of(change.path) == ecosystem and change.kind is not ChangeKind.DELETED for change in snapshot.changes
    )


def _line_of(written: str, text: str) -> int:
    place = text.find(written)
    return text.count("\n", 0, place) + 1 if place >= 0 else 0


def pooled(pairs: Mapping[str, Pair]) -> dict[str, dict[str, list[declared.Dependency]]]:
    """Return what all manifests of the change asked for before, by ecosystem and name."""
    found: dict[str, dict[str, list[declared.Dependency]]] = {}
    for path, pair in pairs.items():
        names = found.setdefault(family(path), {})
        for item in pair.old.dependencies:
            names.setdefault(item.name, []).append(item)
    return found


def family(path: str) -> str:
    """Return the ecosystem whose packages share one set of names."""
    ecosystem = files.ecosystem_of(path)
    return {"requirements": "python", "pipenv": "python", "gradle": "maven"}.get(ecosystem, ecosystem)
