"""Find what a change adds to the configuration of a scanner: files, rules and findings that it leaves out.

An entry is judged by where it stands, so that moving it to another key, or writing it
on one line or on many, changes nothing. An entry that matches everything is another
matter than one that matches something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sayso.configlines import matches_everything, matches_nothing, places, values
from sayso.lines import split_lines
from sayso.model import AddedLine
from sayso.suppressionrules import Config, SuppressionRules, compiled, is_file

Entry = tuple[str, int, str]

_WIDENED = "scanner-config-widened"
_BASELINE = "sayso.baseline"
_MOST_LINE = 4000
_LINE_TARGET = re.compile(r"(?i)\bregexTarget\s{0,4}[=:]\s{0,4}[\"']?line\b")
_HOOK_ID = re.compile(r"\s{0,40}-?\s{0,8}[\"']?id[\"']?\s{0,4}[:=]\s{0,4}[\"']?([\w-]{1,80})")
_EMPTY = re.compile(r"[:=]\s{0,8}(?:\[\s{0,8}\]|\{\s{0,8}\})\s{0,8},?$")


def entries(path: str, added: Sequence[AddedLine], text: str, before: str, rules: SuppressionRules) -> Iterator[Entry]:
    """Yield rule, line and message of what a change adds to the configuration of a scanner, or to our own baseline."""
    if path == _BASELINE:
        yield from _grown(added, text, before)
    configs = [config for config in rules.configs if is_file(path, config.files)]
    if not configs:
        return
    where, lines = places(text), split_lines(text)
    hooks = _hook_ids(lines)
    for line in added:
        place = where[line.number - 1]
        if not place and not (line.text.strip() and not line.text.lstrip().startswith(("#", ";", "//"))):
            continue
        for config in configs:
            found = compiled(config.values).search(line.text[:_MOST_LINE])
            if not found or (config.keys and not compiled(config.keys).search(place)):
                continue
            if config.hooks and not _guards(hooks[line.number - 1], place, rules.scanners):
                continue
            entry = _entry(config, line, found, place)
            if entry and not config.keys and "/" in path:  # it holds for its own folder only
                entry = (_WIDENED, line.number, config.id)
            if entry:
                yield entry
        if "gitleaks" in path and _LINE_TARGET.match(line.text.strip()):
            yield ("allowlist-by-line", line.number, "the exception is matched with the whole line")


def _entry(config: Config, line: AddedLine, found: re.Match[str], place: str) -> Entry | None:
    if config.part == "none":
        candidates: list[str] = []
    elif config.part:
        candidates = found[config.part].split(",")
    else:
        candidates = values(line.text) if config.keys else [line.text.strip()]
    nothing = bool(candidates) and all(map(matches_nothing, candidates))
    wide = next((value for value in candidates if matches_everything(value)), None)
    if config.hooks and place.rpartition(".")[2] == "files":  # names what is seen, where all others name what is not
        wide, nothing = ("files" if nothing else None), wide is not None
    if nothing or _EMPTY.search(line.text):
        return None
    if wide is not None:
        said = "it is given no file at all" if wide == "files" else f"{wide!r} matches everything"
        return ("allowlist-matches-everything", line.number, f"{config.id}: {said}")
    return (_WIDENED, line.number, config.id)


def _hook_ids(lines: Sequence[str]) -> list[str]:
    """Return for every line the id of the hook that it belongs to, "" before the first."""
    found, last = [], ""
    for line in lines:
        match = _HOOK_ID.match(line)
        if match:
            last = match[1]
        elif line[:1].strip() and line[:1] not in "-#":
            last = ""
        found.append(last)
    return found


def _guards(hook: str, place: str, scanners: str) -> bool:
    return "." not in place or place.startswith("ci.") or not hook or bool(compiled(scanners).search(hook))


def _grown(added: Sequence[AddedLine], text: str, before: str) -> Iterator[Entry]:
    """Note that the baseline holds more than before; whether each entry has a reason is judged where it is applied."""
    had, has = (
        sum(bool(line.strip()) and not line.startswith("#") for line in split_lines(content))
        for content in (before, text)
    )
    grown = [line for line in added if line.text.strip() and not line.text.startswith("#")]
    if has > had and grown:
        yield (_WIDENED, grown[0].number, f"the baseline grows from {had} to {has} findings")
