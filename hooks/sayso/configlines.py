"""Tell where in a configuration each of its lines stands, and which values it holds.

TOML, INI, YAML, JSON, HCL and properties are read alike, line by line: a section,
the brackets that are open, and the keys above with less indentation. So a broken
file, or one that a parser would refuse, is still read, and every answer has a line.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sayso.lines import split_lines

_MOST_DEPTH = 40
_MOST_LINE = 6000
_MOST_WRAPS = 4
_SECTION = re.compile(r"\[\[?\s{0,4}([^\[\]\n=]{1,200}?)\s{0,4}\]\]?\s{0,8}(?:[#;].{0,200})?$")
_KEY = re.compile(
    r"""(?:"([^"\n]{1,200})"|'([^'\n]{1,200})'|([\w.$/@*{}^~+-]{1,120}))"""
    r"""(?:[ \t]{0,4}"[^"\n]{0,80}"){0,2}[ \t]{0,8}(?::(?=\s|$|["'\[{\d-])|[=]|\{$)"""
)
_COMMENT = ("#", ";", "//")
_QUOTED = re.compile(
    r"'''(.{0,4000}?)'''|\"\"\"(.{0,4000}?)\"\"\"|\"(?!\"\")((?:[^\"\\\n]|\\.){0,4000}+)\"|'(?!'')([^'\n]{0,4000}+)'"
)
_PLAIN = re.compile(
    r"(?:^\s{0,80}-\s{1,8}|[=:]\s{1,8}|=|^\s{1,80})([^\s#,\[{\"'][^\n#,]{0,299}?)\s{0,20}(?:,?\s{1,8}#.{0,200})?,?$"
)
_FLAGS = re.compile(r"^\(\?[a-z]{1,6}\)")
_WHOLE = frozenset((".*", ".+", ".*?", ".+?", ".{0,}", ".{1,}", "[\\s\\S]*", "[\\s\\S]+", "[\\S\\s]*", "[^\\n]*"))
_EVERYTHING = _WHOLE | frozenset(
    (
        *(".", "", "*", "**", "**/*", "**/**", "/**", "/*", "/", "./", "./**", "./*", "**/", "*.*", "**/*.*", ".*/.*"),
        *("\\S+", "\\S*", "\\w+", "\\w*", "\\w", "\\S", "^", "$", "|"),
    )
)
_NOTHING = frozenset(("^$", "(?!)", "$^", "a^", "\\A\\Z", "(?!.*)"))


class _Open(NamedTuple):
    """A key that lines below may belong to: until a line that is indented no deeper, or until its bracket closes."""

    indent: int
    key: str
    bracket: bool = False
    item: bool = False


def places(text: str) -> list[str]:
    """Return for every line of ``text`` the dotted path of keys where it stands, in lower case; "" for none."""
    found: list[str] = []
    section, stack = "", list[_Open]()
    for line in split_lines(text):
        bare = line[:_MOST_LINE].strip()
        if not bare or bare.startswith(_COMMENT):
            found.append("")
            continue
        head = _SECTION.match(bare)
        if head and not any(item.bracket for item in stack):
            section, stack = head[1].replace('"', "").replace("'", ""), []
            found.append(section.lower())
            continue
        key = _enter(line[:_MOST_LINE], bare, stack)
        path = [section, *(item.key for item in stack if item.key)]
        if key and (not stack or stack[-1].key != key):
            path.append(key)
        found.append(".".join(filter(None, path)).lower())
        del stack[_MOST_DEPTH:]
    return found


def _enter(line: str, bare: str, stack: list[_Open]) -> str:
    """Close on ``stack`` what ends before a line and open what begins with it; return the line's own key."""
    while bare[:1] in tuple("]})"):
        bare = bare[1:].lstrip(" ,")
        while stack and not stack.pop().bracket:
            pass
    indent = len(line) - len(line.lstrip())
    item = bare.startswith("- ") or bare == "-"
    while stack and not stack[-1].bracket and _ends(stack[-1], indent, item=item):
        stack.pop()
    if item:
        stack.append(_Open(indent, "", item=True))
        bare = bare[1:].lstrip()
    found = _KEY.match(bare)
    key = next(filter(None, found.groups()), "") if found else ""
    opened = len(bare) - len(bare.rstrip("[{("))
    if opened:
        stack.append(_Open(indent, key, bracket=True))
        stack.extend(_Open(indent, "", bracket=True) for _ in range(opened - 1))
    elif key:
        stack.append(_Open(line.find(bare, indent) if item else indent, key))
    return key


def _ends(last: _Open, indent: int, *, item: bool) -> bool:
    """Tell whether a line ends what ``last`` opened; an item of YAML may stand no deeper than the key of its list."""
    if item and not last.item:
        return last.indent > indent
    return last.indent >= indent


def values(line: str) -> list[str]:
    """Return the values on a line: what is quoted, or else what stands behind the key."""
    line = line[:_MOST_LINE]
    quoted = [next((part for part in found.groups() if part is not None), "") for found in _QUOTED.finditer(line)]
    if quoted:
        return quoted
    plain = _PLAIN.search(line)
    listed = re.search(r"\[([^\[\]\n]{1,300})\]", line)
    if listed:
        return [part.strip() for part in listed[1].split(",")]
    return [plain[1]] if plain else []


def matches_nothing(value: str) -> bool:
    """Tell whether a pattern can match no name at all."""
    return value.strip() in _NOTHING


def matches_everything(value: str) -> bool:
    """Tell whether a pattern or a glob leaves nothing out, however it is dressed."""
    if matches_nothing(value):
        return False
    value = _FLAGS.sub("", value.strip()).removeprefix("regexp:")
    for _ in range(_MOST_WRAPS):
        if value in _EVERYTHING:
            return True
        opened, closed = value.startswith(("^", "\\A")), value.endswith(("$", "\\z", "\\Z"))
        bare = value.removeprefix("^").removeprefix("\\A")
        if not bare.endswith("\\$"):
            bare = bare.removesuffix("$").removesuffix("\\z").removesuffix("\\Z")
        if opened and closed and bare not in _WHOLE and not bare.startswith("("):
            break
        if bare.startswith("(") and bare.endswith(")") and len(_alternatives(bare[1:-1], closes=True)) > 0:
            bare = bare[1:-1].removeprefix("?:")
        if bare == value:
            break
        value = bare
    parts = _alternatives(value)
    return len(parts) > 1 and any(part in _EVERYTHING for part in parts)


def _alternatives(value: str, *, closes: bool = False) -> list[str]:
    """Split a regular expression at the bars outside groups and classes; none of it, if it ``closes`` too early."""
    parts, depth, in_class, start, at = [], 0, False, 0, 0
    while at < len(value):
        char = value[at]
        if char == "\\":
            at += 1
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        elif char in "()":
            depth += 1 if char == "(" else -1
            if depth < 0 and closes:
                return []
        elif char == "|" and depth == 0:
            parts.append(value[start:at])
            start = at + 1
        at += 1
    return [*parts, value[start:]]
