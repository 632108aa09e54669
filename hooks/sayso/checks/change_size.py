"""Flag a change that is too large, or too mixed, for a person to review line by line.

Counted is what a person must read: the lines that the change adds or alters, blank
ones left out, in files that people write. Lock files, generated, vendored, minified
and data files, binaries, and what was only moved or deleted are counted apart and
named, so that nothing goes missing from the sum. Limits are the policy's, and lower
where a coding tool was at work.

Surprising cases: a header that says "generated" exempts a file only if it stood there
before the change, or the file is new, and a new one is noted. What ``.gitattributes``
says is not believed. A file that only loses lines has none to read, and is still a file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from sayso import generated, ruletables
from sayso.comments import is_document
from sayso.model import NO_MODE, SUBMODULE_MODE, SYMLINK_MODE, AddedLine, Change, ChangeKind, Finding, Rule, Snapshot
from sayso.policy import Policy
from sayso.settings import Limits
from sayso.tables import Table

FILE = "change_size.toml"
NEEDS_AI = True

_NAMED = 3
_PROBED = 8000
_READ, _MOVED, _DELETED, _UNREAD = "", "moved", "deleted", "unread"
_WORDS = {
    generated.GENERATED: "generated",
    generated.VENDORED: "vendored",
    generated.LOCK: "locked",
    generated.MINIFIED: "minified",
    generated.SNAPSHOT: "snapshot",
    generated.DATA: "data",
}
_UNBROKEN = re.compile(r"[\w+/=%.~:#?&,;@-]{200,}+")  # an address or encoded data: long, and no place to hide code
_MUTE = frozenset((generated.GENERATED, generated.VENDORED, generated.MINIFIED))


class SizeRules(NamedTuple):
    """The rules, and the figures that are not the policy's."""

    rules: tuple[Rule, ...]
    long_line: int
    blanks: int
    mixed_lines: int
    mixed_times: int


class _File(NamedTuple):
    """A file of the change: ``kind`` is "" if a person must read it, else why nobody does."""

    path: str
    kind: str
    lines: int
    own_word: bool = False


def read_rules(table: Table) -> SizeRules:
    """Read the rules; raises ``DataError``."""
    rules = ruletables.rules(table)
    figures = (table.number(key) for key in ("long-line", "blanks", "mixed-lines", "mixed-times"))
    found = SizeRules(rules, *figures)
    table.done()
    return found


def check(snapshot: Snapshot, rules: SizeRules, policy: Policy) -> Iterator[Finding]:
    """Yield what makes the change hard to review; what is about the change as a whole stands at its largest file."""
    by_id = {rule.id: rule for rule in rules.rules}
    files = [_file(change, snapshot) for change in snapshot.changes]
    read = sorted((file for file in files if file.kind == _READ), key=lambda file: (-file.lines, file.path))
    for name, path, line, message in (
        *_too_much(read, files, snapshot, policy.limits),
        *_mixed(read, files, rules),
        *_by_their_word(files, snapshot),
        *_long(read, snapshot, rules),
    ):
        rule = by_id[name]
        yield Finding(name, path, line, message, rule.severity, (("fix", rule.fix),))


_Found = tuple[str, str, int, str]


def _file(change: Change, snapshot: Snapshot) -> _File:
    """Say of a file whether a person must read it, and how much."""
    path = change.path
    lines = sum(1 for line in snapshot.added.get(path, ()) if line.text and not line.text.isspace())
    if change.kind is ChangeKind.DELETED:
        return _File(path, _DELETED, 0)
    if change.blob and change.blob == change.old_blob and change.mode == change.old_mode:
        return _File(path, _MOVED, 0)
    kind = generated.kind_by_name(path)
    if kind:
        return _File(path, kind, lines)
    if path not in snapshot.texts:
        return _File(path, _READ if SUBMODULE_MODE in (change.mode, change.old_mode) else _UNREAD, 0)
    if change.mode != SYMLINK_MODE and generated.has_mark(snapshot.texts[path]):
        if path in snapshot.before:
            return _File(path, generated.GENERATED if generated.has_mark(snapshot.before[path]) else _READ, lines)
        if change.old_mode in {NO_MODE, ""} and change.kind is ChangeKind.ADDED:
            return _File(path, generated.GENERATED, lines, own_word=True)
    return _File(path, _READ, lines)


def _too_much(read: Sequence[_File], files: Sequence[_File], snapshot: Snapshot, limits: Limits) -> Iterator[_Found]:
    place = read[0].path if read else ""
    lines = sum(file.lines for file in read)
    sizes = f"{_count(lines, 'added line')} in {_count(len(read), 'file')} to read"
    apart = _apart(files)
    most_lines = limits.ai_lines if snapshot.ai else limits.lines
    most_files = limits.ai_files if snapshot.ai else limits.files
    most_areas = limits.ai_areas if snapshot.ai else limits.areas
    if lines > most_lines:
        yield "change-too-many-lines", place, 0, f"{sizes} ({_limit(snapshot, most_lines, limits.ai_lines)}){apart}"
    if len(read) > most_files:
        limit = _limit(snapshot, most_files, limits.ai_files, " files")
        yield "change-too-many-files", place, 0, f"{sizes} ({limit}){apart}"
    if len(snapshot.areas) > most_areas:
        limit = _limit(snapshot, most_areas, limits.ai_areas)
        where = place or snapshot.changes[0].path
        names = ", ".join(snapshot.areas)
        yield "change-too-many-areas", where, 0, f"{len(snapshot.areas)} sensitive areas at once ({limit}): {names}"


def _limit(snapshot: Snapshot, limit: int, for_ai: int, unit: str = "") -> str:
    if snapshot.ai:
        return f"limit for AI-marked changes {limit:,}{unit}"
    return f"limit {limit:,}{unit}" + (f"; for AI-marked changes {for_ai:,}" if for_ai < limit else "")


def _apart(files: Sequence[_File]) -> str:
    """Say what was not counted as to be read: kinds with their lines, and the largest files by name."""
    counts = Counter(file.kind for file in files if file.kind != _READ)
    parts = []
    for kind, word in _WORDS.items():
        if counts[kind]:
            lines = sum(file.lines for file in files if file.kind == kind)
            parts.append(f"{lines:,} {word} line{'' if lines == 1 else 's'} in {_count(counts[kind], 'file')}")
    parts += [f"{_count(counts[_UNREAD], 'file')} not read as text"] if counts[_UNREAD] else []
    parts += [f"{_count(counts[kind], 'file')} only {kind}" for kind in (_MOVED, _DELETED) if counts[kind]]
    if not parts:
        return ""
    largest = sorted((file for file in files if file.kind in _WORDS), key=lambda file: (-file.lines, file.path))
    names = ", ".join(file.path for file in largest[:_NAMED]) + (" …" if len(largest) > _NAMED else "")
    return f"; counted apart: {', '.join(parts)}" + (f" ({names})" if names else "")


def _mixed(read: Sequence[_File], files: Sequence[_File], rules: SizeRules) -> Iterator[_Found]:
    """Note work by hand that drowns in output; a lock file beside its manifest is as it should be."""
    mute = [file for file in files if file.kind in _MUTE]
    lines, others = sum(file.lines for file in read), sum(file.lines for file in mute)
    if lines and others >= rules.mixed_lines and others >= lines * rules.mixed_times:
        message = f"{_count(lines, 'line')} to read in {_count(len(read), 'file')} among {others:,} that nobody wrote"
        yield "change-mixed-generated", read[0].path, 0, message + _apart(files)


def _by_their_word(files: Sequence[_File], snapshot: Snapshot) -> Iterator[_Found]:
    for file in files:
        if file.own_word:
            message = f"{_count(file.lines, 'line')} counted apart for the sake of the file's own header"
            yield "change-generated-by-its-own-word", file.path, 0, message
        elif file.kind == _READ and file.path in snapshot.before and file.lines:
            texts = snapshot.texts.get(file.path, ""), snapshot.before[file.path]
            if generated.has_mark(texts[0]) and not generated.has_mark(texts[1]):
                message = "this change adds the words that call the file generated; it was written by hand until now"
                yield "change-newly-generated", file.path, 0, message


def _long(read: Sequence[_File], snapshot: Snapshot, rules: SizeRules) -> Iterator[_Found]:
    """Find what stands too far to the right; a document may have its paragraphs on one line each."""
    for file in read:
        added = snapshot.added.get(file.path, ())
        if not added or is_document(file.path):
            continue
        found = [why for line in added if len(line.text) > rules.blanks for why in _why_long(line, rules)]
        if found and not _was_long(snapshot.before.get(file.path, ""), max(why[2] for why in found)):
            more = f"; and {_count(len(found) - 1, 'more line')} in this file" if len(found) > 1 else ""
            yield "change-long-line", file.path, found[0][0], found[0][1] + more


def _was_long(before: str, length: int) -> bool:
    """Tell whether the file had such a line already: one that nobody wrote by hand, or that somebody has accepted."""
    return bool(length) and len(before) > length // 2 and max(map(len, before.split("\n"))) > length // 2


def _why_long(line: AddedLine, rules: SizeRules) -> Iterator[tuple[int, str, int]]:
    """Yield number, reason and length of a line that hides something; a gap has no length that excuses it."""
    text = line.text
    hidden = _gap(rules.blanks).search(text) if _has_gaps(text) else None
    if hidden:
        yield line.number, f"text stands behind {hidden.end() - hidden.start() - 2:,} blanks, out of sight", 0
    elif len(text) > rules.long_line and (_is_broken(text[:_PROBED], rules) or _is_broken(text, rules)):
        yield line.number, f"a line of {len(text):,} characters", len(text)


def _has_gaps(text: str) -> bool:
    """Tell cheaply whether a search for a gap is worth its while."""
    return " " * 16 in text or "\t\t\t" in text or " \t" in text or "\t " in text or not text.isascii()


def _is_broken(text: str, rules: SizeRules) -> bool:
    return len(_UNBROKEN.sub("", text)) > rules.long_line


@cache
def _gap(blanks: int) -> re.Pattern[str]:
    return re.compile(rf"\S[ \t\u00a0\u2000-\u200a\u3000]{{{blanks},}}+\S")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
