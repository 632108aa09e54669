"""Targets that read what sets the rules: policies, globs, owners, and the configurations of hooks and CI."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import product

import yaml

from fuzz.inputs import name, parts, path, text
from sayso import ciconfig, codeowners, globs, hookconfig, hookdiff, jsondoc, layers, pathwords, policyfile, yamldoc
from sayso.lines import split_lines
from sayso.model import AddedLine, DataError
from sayso.policykeys import KEYS, Direction
from sayso.relax import unrelaxable
from sayso.settings import DEFAULT

TODAY = "2026-06-01"
_MOST_PATH = 200


def policy(data: bytes) -> None:
    """A policy alone loosens only what it relaxes; a team's policy below it changes nothing about that."""
    upper, lower = (text(part) for part in parts(data, 2))
    own = policyfile.read(upper, "sayso.toml")
    _tightens_or_says_so([own])
    _tightens_or_says_so([policyfile.read(lower, "team.toml", title="team", digest="0" * 64), own])


def _tightens_or_says_so(given: list[policyfile.Layer]) -> None:
    merged = layers.merge(given, TODAY)
    relaxed = {item.rule for layer in given for item in layer.relaxed if item.expires >= TODAY}
    for key in KEYS:
        loose = key.is_looser(key.value(merged.policy), key.value(DEFAULT))
        assert not loose or key.name in relaxed or key.direction is Direction.PLACE, key.name
    assert not any(unrelaxable(rule) for rule in relaxed)
    assert all("\n" not in origin for origin in merged.origins.values())


def pyproject(data: bytes) -> None:
    """The same in a table of another file."""
    layer = policyfile.within_pyproject(text(data))
    if layer:
        _tightens_or_says_so([layer])


def glob(data: bytes) -> None:
    """A glob matches what a slow reading of its definition matches."""
    pattern, file = name(parts(data, 2)[0]), path(parts(data, 2)[1])
    if globs.problem(pattern) or len(file) > _MOST_PATH:
        return
    assert globs.matches(pattern, file) == _slowly(pattern, file), (pattern, file)


def _slowly(pattern: str, file: str) -> bool:
    pieces = re.split(r"\{([^{}]*)\}", pattern)
    choices = [piece.split(",") if number % 2 else [piece] for number, piece in enumerate(pieces)]
    target = pathwords.fold(file).lower()
    return any(_option(pathwords.fold("".join(chosen)).lower(), target) for chosen in product(*choices))


def _option(pattern: str, file: str) -> bool:
    segments, names = (pattern + "**" if pattern.endswith("/") else pattern).split("/"), file.split("/")
    if segments[-1] == "**" and len(segments) > 1:
        segments.append("*")

    @cache
    def fits(at: int, place: int) -> bool:
        if at == len(segments):
            return place == len(names)
        if segments[at] == "**":
            return fits(at + 1, place) or (place < len(names) and fits(at, place + 1))
        return place < len(names) and _segment(segments[at], names[place]) and fits(at + 1, place + 1)

    return fits(0, 0)


def _segment(pattern: str, text_of: str) -> bool:
    reached = {0}
    for char in pattern:
        if char == "*":
            reached = set(range(min(reached), len(text_of) + 1)) if reached else set()
        else:
            reached = {at + 1 for at in reached if at < len(text_of) and char in ("?", text_of[at])}
    return len(text_of) in reached


def owners(data: bytes) -> None:
    """Who owns a path are people whom the file names, and each line is an entry or a problem at most once."""
    given, files = parts(data, 2)
    found = codeowners.parse(name(given), "CODEOWNERS")
    lines = [entry.line for entry in found.entries] + [problem.line for problem in found.problems]
    assert len(lines) == len(set(lines))
    for file in map(path, files.split(b"\n")[:8]):
        if len(file) > _MOST_PATH:
            continue
        deciding = {entry.section: entry for entry in found.entries if _owns(entry.pattern, file.split("/"))}
        assert set(found.entries_of(file)) == set(deciding.values()), (deciding, file)
        assert set(found.owners(file)) <= {owner for entry in found.entries for owner in entry.owners}


def _owns(pattern: str, names: list[str]) -> bool:
    """Read a pattern of code owners slowly: try every part of the path that the pattern could be about."""
    bare = pattern.removeprefix("/")
    if not bare:
        return False
    rooted = pattern.startswith("/") or "/" in pattern.rstrip("/")
    parts = ([] if rooted else ["**"]) + bare.removesuffix("/").split("/")
    least, most = 1, len(names)
    if bare.endswith("/") or parts[-1] == "**":
        most -= 1
    elif rooted and parts[-1] == "*":
        least = most
    if parts[-1] == "**":
        parts, least = parts[:-1], 0
    return any(_leads(tuple(parts), tuple(names[:count])) for count in range(least, most + 1))


@cache
def _leads(parts: tuple[str, ...], names: tuple[str, ...]) -> bool:
    if not parts:
        return not names
    if parts[0] == "**":
        return _leads(parts[1:], names) or (bool(names) and _leads(parts, names[1:]))
    return bool(names) and _escaped(parts[0], names[0]) and _leads(parts[1:], names[1:])


def _escaped(pattern: str, name_of: str) -> bool:
    reached = {0}
    for word in re.findall(r"\\.|.", pattern, re.DOTALL):
        if word == "*":
            reached = set(range(min(reached), len(name_of) + 1)) if reached else set()
        else:
            wanted = word if word == "?" or len(word) == 1 else word[1:]
            reached = {at + 1 for at in reached if at < len(name_of) and (word == "?" or name_of[at] == wanted)}
    return len(name_of) in reached


def json_document(data: bytes) -> None:
    """What is read strictly is what everybody reads."""
    assert jsondoc.read(data, "file").value == json.loads(data)


def yaml_document(data: bytes) -> None:
    """What is read strictly is what everybody reads."""
    found = yamldoc.read(text(data), "file")
    assert repr(found) == repr(yaml.load(text(data), Loader=yaml.CSafeLoader))


def hooks(data: bytes) -> None:
    """Two versions of the configuration of a hook runner; against itself, a version differs in nothing."""
    where, new, old = parts(data, 3)
    file = "prek.toml" if b"toml" in where else ".pre-commit-config.yaml"
    config = hookconfig.read(file, text(new))
    hookconfig.missing(config, tuple(hookconfig.STAGES), "v1.0.0")
    list(hookdiff.alone(config))
    assert not list(hookdiff.compare(config, config, ("ruff",)))
    list(hookdiff.compare(hookconfig.read(file, text(old)), config, ("ruff",)))


def ci(data: bytes) -> None:
    """Two versions of a workflow."""
    where, new, old = parts(data, 3)
    file = path(where)
    lines = split_lines(text(new))
    for _, line in ciconfig.skips(file, [AddedLine(number, line) for number, line in enumerate(lines, 1)], text(new)):
        assert 0 <= line <= len(lines)
    workflow = ciconfig.read(file, text(new))
    assert not list(ciconfig.compare(workflow, workflow))
    try:
        before = ciconfig.read(file, text(old))
    except DataError:
        return
    list(ciconfig.compare(before, workflow))


TARGETS = {
    "policy": policy,
    "pyproject": pyproject,
    "globs": glob,
    "codeowners": owners,
    "jsondoc": json_document,
    "yamldoc": yaml_document,
    "hookconfig": hooks,
    "ciconfig": ci,
}
