"""Make the filters that tell, without the engine, where a rule cannot match: ``rules/semgrep/filters/<set>.json``.

The engine prints the filter that it derives from each rule. It is simplified here, always so that it lets through at
least what the engine would, and each regular expression is given the words one of which every match of it contains, so
that most are never compiled.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sysconfig
from collections.abc import Iterable, Sequence
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

CORE = Path(sysconfig.get_path("purelib")) / "semgrep" / "bin" / "semgrep-core"
NEVER = "(?!)"
_MOST_WORDS = 120
_SHORTEST = 3
_ANCHORED = re.compile(r"\(\?:(.*)\)\(\?s:\.\*\)", re.DOTALL)


def engines(rules: Path) -> dict[str, Any]:
    """The engine's own filter of each rule in a compiled file, by id."""
    argv = [str(CORE), "-prefilter_of_rules", str(rules)]
    run = subprocess.run(argv, env={"PATH": os.defpath}, capture_output=True, check=True, timeout=120)
    return {item["rule_id"]: item["filter"] for item in json.loads(run.stdout)}


def filters_text(rules: Path) -> str:
    """The filter file's content for a compiled file: one line, the same bytes for the same rules."""
    table = _Table()
    formulas = engines(rules)
    by_analyzer: dict[str, dict[str, Any]] = {}
    for rule in json.loads(rules.read_text(encoding="utf-8"))["rules"]:
        formula = formulas[rule["id"]]
        simple = True if formula == "None" else table.simplified(formula[1])
        for language in rule["languages"]:
            by_analyzer.setdefault(language, {})[rule["id"]] = simple
    document = {"patterns": table.patterns(), "rules": by_analyzer, "words": list(table.words)}
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True) + "\n"


class _Table:
    """The words and patterns of a set, each once and numbered."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self._patterns: dict[str, int] = {}

    def patterns(self) -> list[tuple[str, list[str], bool, bool]]:
        return [(source, *needed_words(source)) for source in self._patterns]

    def simplified(self, formula: Any) -> Any:
        kind, value = formula
        if kind == "Pred":
            return self._predicate(*value)
        decisive = kind == "Or"
        parts: list[Any] = []
        for part in map(self.simplified, value):
            if part is decisive:
                return decisive
            if part is (not decisive):
                continue
            same = isinstance(part, list) and part[0] == ("|" if decisive else "&")
            parts += [item for item in (part[1:] if same else [part]) if item not in parts]
        parts = _unabsorbed(parts, "&" if decisive else "|")
        if not parts:
            return not decisive
        return parts[0] if len(parts) == 1 else ["|" if decisive else "&", *sorted(parts, key=_cost)]

    def _predicate(self, name: str, value: Any) -> Any:
        if name == "Idents":
            numbers = [self.words.setdefault(word, len(self.words)) for word in dict.fromkeys(value)]
            return numbers[0] if len(numbers) == 1 else ["&", *numbers]
        if name != "Regexp":
            raise ValueError(f"a kind of condition that nobody here knows: {name}")
        if value == NEVER:
            return False
        anchored = _ANCHORED.fullmatch(value)
        parts = [self._pattern(part) for part in alternatives(anchored[1] if anchored else value)]
        return parts[0] if len(parts) == 1 else ["|", *parts]

    def _pattern(self, source: str) -> int:
        source = without_ends(source)
        re.compile(source, re.MULTILINE | re.ASCII)
        return ~self._patterns.setdefault(source, len(self._patterns))


def alternatives(source: str) -> list[str]:
    """Split a pattern at its outermost ``|``, within a group that is all of it too; each part has words of its own."""
    group = re.fullmatch(r"\((\?[is]{0,2}:)(.*)\)", source, re.DOTALL)
    if group and len(_split(group[2], closed=True)) >= 1:
        return [f"({group[1]}{part})" for part in _split(group[2], closed=True)]
    return _split(source, closed=False) or [source]


def without_ends(source: str) -> str:
    """Leave out what a pattern may or may not begin or end with: it matches somewhere with it as without it."""
    group = re.fullmatch(r"(\(\?[is]{0,2}:)(.*)(\))", source, re.DOTALL)
    opening, inner, closing = group.groups() if group and _split(group[2], closed=True) else ("", source, "")
    return opening + inner.removeprefix(r"\w*").removesuffix(r"\w*") + closing


def _split(source: str, *, closed: bool) -> list[str]:
    """The parts between the ``|`` outside of all groups and classes; none if a group is closed that was not opened."""
    parts, start, depth, place = [], 0, 0, 0
    while place < len(source):
        char = source[place]
        if char == "\\":
            place += 2
            continue
        if char == "[":
            place = _end_of_class(source, place)
            continue
        depth += (char == "(") - (char == ")")
        if depth < 0 and closed:
            return []
        if char == "|" and depth == 0:
            parts.append(source[start:place])
            start = place + 1
        place += 1
    return [*parts, source[start:]]


def _end_of_class(source: str, place: int) -> int:
    place += 1 + source.startswith("^", place + 1)
    place += source.startswith("]", place)
    while source[place] != "]":
        place += 2 if source[place] == "\\" else 1
    return place + 1


def _unabsorbed(parts: Sequence[Any], kind: str) -> list[Any]:
    """Leave out what another part makes redundant: in ``a or (a and b)`` the second, and so on."""
    atoms = [_atoms(part, kind) for part in parts]
    return [
        part
        for number, part in enumerate(parts)
        if not any(
            other < atoms[number] or (other == atoms[number] and index < number) for index, other in enumerate(atoms)
        )
    ]


def _atoms(part: Any, kind: str) -> frozenset[str]:
    items = part[1:] if isinstance(part, list) and part[0] == kind else [part]
    return frozenset(json.dumps(item) for item in items)


def _cost(part: Any) -> tuple[int, str]:
    """Words before patterns: a word is looked for in microseconds, a pattern may have to be compiled."""
    text = json.dumps(part)
    patterns = len(re.findall(r"-\d", text))
    return patterns, text


class _Info(NamedTuple):
    """What is known of a piece of a pattern.

    All texts that it can match, if few; words one of which it needs; words with one of which it begins.
    """

    exact: frozenset[str] | None
    needed: frozenset[str] | None
    first: frozenset[str] | None


def needed_words(source: str) -> tuple[list[str], bool, bool]:
    """Words one of which is in every match of ``source``, or none; whether it begins with one; whether in any case."""
    tree = parser.parse(source, re.MULTILINE | re.ASCII)
    folded = bool(tree.state.flags & re.IGNORECASE) or _folds(tree)
    info = _sequence(tree)
    for first, found in ((True, info.first), (False, info.needed)):
        words = {word.lower() if folded else word for word in found or ()}
        if words and min(map(len, words)) >= _SHORTEST and all(word.isascii() for word in words):
            return sorted(words), first, folded
    return [], False, folded


def _folds(tree: Any) -> bool:
    for code, value in tree:
        if code is codes.SUBPATTERN and (value[1] & re.IGNORECASE or _folds(value[3])):
            return True
        if code is codes.BRANCH and any(map(_folds, value[1])):
            return True
        if code in {codes.MAX_REPEAT, codes.MIN_REPEAT} and _folds(value[2]):
            return True
    return False


def _sequence(tree: Iterable[Any]) -> _Info:
    running: frozenset[str] = frozenset([""])
    needed: frozenset[str] | None = None
    first: frozenset[str] | None = None
    whole = True
    for code, value in tree:
        if code in {codes.AT, codes.ASSERT, codes.ASSERT_NOT}:
            continue
        info = _piece(code, value)
        if info.exact is not None and len(info.exact) * len(running) <= _MOST_WORDS:
            running = frozenset(left + right for left in running for right in info.exact)
            continue
        if whole:
            first = _extended(running, info.first)
            whole = False
        needed = _better(_better(needed, running), info.needed)
        running = frozenset([""])
    return _Info(running if whole else None, _better(needed, running), running if whole else first)


def _extended(running: frozenset[str], first: frozenset[str] | None) -> frozenset[str] | None:
    """What a sequence begins with that has matched one of ``running`` and goes on with one of ``first``."""
    if first and len(running) * len(first) <= _MOST_WORDS:
        return frozenset(left + right for left in running for right in first)
    return running if "" not in running else None


def _piece(code: Any, value: Any) -> _Info:
    if code is codes.LITERAL:
        one = frozenset([chr(value)])
        return _Info(one, one, one)
    if code is codes.SUBPATTERN:
        return _sequence(value[3])
    if code is codes.BRANCH:
        parts = [_sequence(part) for part in value[1]]
        return _Info(*(_union([part[field] for part in parts]) for field in range(3)))
    if code is codes.IN and all(item[0] is codes.LITERAL for item in value):
        one = frozenset(chr(item[1]) for item in value)
        return _Info(one, None, one)
    if code in {codes.MAX_REPEAT, codes.MIN_REPEAT}:
        least, most, body = value
        inner = _sequence(body)
        if least == most == 1:
            return inner
        if (least, most) == (0, 1) and inner.exact is not None:
            return _Info(inner.exact | {""}, None, None)
        return _Info(None, inner.needed, inner.first) if least else _Info(None, None, None)
    return _Info(None, None, None)


def _union(sets: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    known = [part for part in sets if part is not None]
    if len(known) < len(sets):
        return None
    joined = frozenset(item for part in known for item in part)
    return joined if len(joined) <= _MOST_WORDS else None


def _better(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    """The set whose shortest word is longer; a set that holds the empty word says nothing."""
    usable = [words for words in (left, right) if words and "" not in words]
    return max(usable, key=lambda words: (min(map(len, words)), -len(words)), default=None)
