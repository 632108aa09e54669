"""Read what CI runs that others wrote: actions, reusable workflows, hooks of pre-commit, includes of GitLab.

A tag can be moved, and has been, by whoever takes over a maintainer's account;
a full commit id cannot. These files are read as YAML and compared with what
they said before, so that no way of writing them hides an entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sayso.model import DataError
from sayso.supply import declared, images
from sayso.supply.declared import table, tables, texts
from sayso.supply.signs import Look, Sign

_MOST_DEPTH = 40
_WORKFLOW = re.compile(r"(?:^|/)\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml$|(?:^|/)action\.ya?ml$")
_HOOKS = re.compile(r"(?:^|/)(?:\.pre-commit-config\.ya?ml|prek\.toml)$")
_GITLAB = re.compile(r"(?:^|/)(?:\.gitlab-ci[\w.-]*\.ya?ml|\.gitlab/(?:[\w.-]+/){0,6}[\w.-]+\.ya?ml)$")
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
_TAG = re.compile(r"v?\d+\.\d+[\w.+-]*$|[\w.-]*\d+\.\d+\.\d+[\w.+-]*$")
_REFERENCE = re.compile(r"!reference(?=\s)")  # GitLab's own tag, before a list
_WORDS = ("uses", "image", "container", "include", "repo")
_NOT_PLAIN = frozenset("[{&*!|>\"'\\")  # what could write those words in another way, or leave a bracket open
_NOT_YAML = frozenset(("with", "env", "inputs", "outputs", "run", "script"))


def concerns(path: str) -> bool:
    """Tell whether a file is read here."""
    lower = path.lower()
    return lower.endswith((".yml", ".yaml", "prek.toml")) and any(
        pattern.search(lower) for pattern in (_WORKFLOW, _HOOKS, _GITLAB)
    )


def check(look: Look) -> Iterator[Sign]:
    """Yield what is new and not pinned; raises ``DataError`` if the file cannot be read."""
    if not any(word in look.text for word in _WORDS) and _NOT_PLAIN.isdisjoint(look.text):
        return
    lower = look.path.lower()
    new = _load(look.text, look.path)
    try:
        old = _load(look.before, look.path)
    except DataError:
        old = {}
    if _HOOKS.search(lower):
        yield from _hooks(old, new)
    elif _GITLAB.search(lower):
        yield from _includes(old, new)
        yield from images.judged(_images(old, gitlab=True), _images(new, gitlab=True))
    else:
        known = set(_values(old, "uses"))
        for used in dict.fromkeys(_values(new, "uses")):
            if used not in known:
                yield from _action(used)
        yield from images.judged(_images(old), _images(new))


def _load(text: str, path: str) -> Any:
    if path.endswith(".toml"):
        return declared.toml(text, path)
    from sayso import yamldoc  # noqa: PLC0415 - 20 ms that only a change to such a file pays

    return yamldoc.read(_REFERENCE.sub(" ", text), path)


def _values(value: Any, wanted: str, depth: int = 0) -> Iterator[str]:
    """Yield the text under a key at any depth, but not within what is handed on to a program."""
    if depth > _MOST_DEPTH:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            if key == wanted and isinstance(item, str):
                yield item.strip()
            elif key not in _NOT_YAML:
                yield from _values(item, wanted, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _values(item, wanted, depth + 1)


def _action(used: str) -> Iterator[Sign]:
    if used.startswith(("./", "$/")) or _DIGEST.search(used):
        return
    if used.startswith("docker://"):
        yield Sign("supply-image-undigested", used, used, f"{declared.clean(used)} has no digest")
        return
    name, _, ref = used.partition("@")
    if not declared.is_commit(ref):
        at = f"at {ref[:60]!r}, which can be moved" if ref else "without a revision"
        yield Sign("supply-action-unpinned", used, name, f"{declared.clean(name)} is used {at}")


def _hooks(old: Any, new: Any) -> Iterator[Sign]:
    had = {str(item.get("repo")): str(item.get("rev", "")) for item in tables(table(old).get("repos"))}
    for item in tables(table(new).get("repos")):
        repo, rev = str(item.get("repo", "")), str(item.get("rev", ""))
        if repo in {"local", "meta", "builtin", "."} or had.get(repo) == rev or declared.is_commit(rev):
            continue
        line = rev if repo in had else repo.rpartition("/")[2]
        place, at = declared.clean(repo), f"at {rev[:60]!r}" if rev else "without a revision"
        if _TAG.match(rev) and repo in had:
            yield Sign("supply-hook-tag", line, place, f"hooks of {place} now run {at}: a tag can be moved")
        else:
            said = "now run" if repo in had else "are new, and run"
            yield Sign("supply-hook-unpinned", line, place, f"hooks of {place} {said} {at}, which can be moved")


def _includes(old: Any, new: Any) -> Iterator[Sign]:
    had = set(_included(old))
    for place, ref, pinned in dict.fromkeys(_included(new)):
        if (place, ref, pinned) not in had and not pinned:
            at = f"at {ref[:60]!r}, which can be moved" if ref else "without a revision"
            shown = declared.clean(place)
            line = place.partition("?")[0]
            yield Sign("supply-include-unpinned", line, shown, f"jobs are included from {shown} {at}")


def _included(document: Any) -> Iterator[tuple[str, str, bool]]:
    value = table(document).get("include")
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and declared.is_address(item):
            yield item, "", False
        if not isinstance(item, dict):
            continue
        for place in texts(item.get("remote")):
            yield place, "", isinstance(item.get("integrity"), str)
        for place in texts(item.get("project")):
            ref = str(item.get("ref", ""))
            yield place, ref, declared.is_commit(ref)
        for component in texts(item.get("component")):
            place, _, ref = component.rpartition("@")
            yield place or component, ref, declared.is_commit(ref)


def _images(document: Any, *, gitlab: bool = False) -> dict[str, str]:
    """Return the images of jobs, of their services and of container actions; those of a matrix where one is used."""
    found = list(_values(document, "image"))
    if gitlab:
        found += [*_named(document, "image", 0), *_named(document, "services", 0)]
    else:
        containers = list(_values(document, "container"))
        matrices = [table(job, "strategy") for job in table(document, "jobs").values()]
        if not any("matrix." in image for image in (*containers, *found)):
            found = [
                image for image in found if image not in {one for item in matrices for one in _values(item, "image")}
            ]
        found += containers
    return {item: item for item in found if item not in {"Dockerfile", "dockerfile"} and not item.startswith("./")}


def _named(value: Any, wanted: str, depth: int) -> Iterator[str]:
    """Yield images that GitLab writes as a list, or with a name of their own."""
    for key, item in table({"": value}, "").items():
        if key == wanted:
            for one in item if isinstance(item, list) else [item]:
                name = one.get("name") if isinstance(one, dict) else one if isinstance(item, list) else None
                if isinstance(name, str):
                    yield name
        elif isinstance(item, dict) and depth < _MOST_DEPTH and key not in _NOT_YAML:
            yield from _named(item, wanted, depth + 1)
