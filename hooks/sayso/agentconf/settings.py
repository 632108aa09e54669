"""Compare the old and the new settings of an agent, and tell what the new ones allow that the old ones did not.

What widens is data: a setting names places in the document (``permissions/allow/[]``;
``*`` is any one key, ``**`` any number of them), and what of a change there counts:

``new``
    a plain value that stood nowhere at this place before, such as another entry of an allow-list
``lost``
    a plain value that is gone, such as an entry of a deny-list
``entry``
    a whole value, containers too, that is new or differs, such as the definition of a server
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from sayso.agentconf.documents import Place, key_name, nodes, scalar
from sayso.agentconf.shown import shown
from sayso.tables import Table

ALLOW, BROAD = "agent-allow-entry", "agent-allow-broad"
"""The rules of an entry of an allow-list; which of them it is is told by the patterns of what is broad."""

_NAMED = 6
_LONGEST = 500
_TOOL = r"[A-Za-z_*][\w.*/:-]{0,99}(?:\([^()\n]{0,400}\)?)?"


class Setting(NamedTuple):
    """What widens.

    ``values`` and ``but`` say which values count, written in lower case; ``pattern`` is searched in the value, and
    each of its matches counts by itself; ``subject`` says that the key under the first ``*`` is what is allowed, and
    not the value; ``where`` is a pair that an entry must hold; ``tools`` that the value is a list of tools in one
    string; ``broad`` that only what is broad counts.
    """

    rule: str
    keys: tuple[Place, ...]
    says: str
    change: str
    values: tuple[str, ...]
    but: tuple[str, ...]
    pattern: str
    subject: bool
    where: tuple[str, ...]
    tools: bool
    broad: bool


class Broad(NamedTuple):
    """A permission that covers far more than a person would think of: a pattern, and what it amounts to."""

    pattern: str
    says: str


class Widening(NamedTuple):
    """Something newly allowed at one place: the rule, the words for it, and the first of the values."""

    rule: str
    message: str
    place: Place
    value: str


class _Piece(NamedTuple):
    """One value that is newly allowed, before those of one place are put together; ``says`` waits for the value."""

    rule: str
    says: str
    place: Place
    value: str
    shown: str


class Settings:
    """The settings of all groups of files."""

    def __init__(self, table: Table) -> None:
        self._by_group: dict[str, list[Setting]] = {}
        self.rules: set[str] = set()
        self._broad = [_broad(entry) for entry in table.tables("broad")]
        self._harmless = frozenset(table.texts("harmless"))
        for entry in table.tables("setting"):
            groups = entry.texts("files")
            setting = _setting(entry)
            self.rules.add(setting.rule)
            for group in groups:
                self._by_group.setdefault(group, []).append(setting)
            entry.done()
        self.groups = frozenset(self._by_group)

    def widened(self, group: str, old: Any, new: Any, source: str) -> Iterator[Widening]:
        """Yield what ``new`` allows and ``old`` did not; raises ``DataError`` where there are too many values."""
        before, after = _Document(old, source), _Document(new, source)
        added, lost = after.pairs - before.pairs, before.pairs - after.pairs
        pieces: list[_Piece] = []
        for setting in self._by_group.get(group, ()):
            if setting.change == "entry":
                pieces += _entries(setting, before, after)
            else:
                pieces += self._leaves(setting, lost if setting.change == "lost" else added)
        yield from _together(pieces)

    def broad(self, value: str) -> str:
        """Say what a permission amounts to, if it is a broad one."""
        bare = value.strip()[:_LONGEST]
        return next((item.says for item in self._broad if _rx(item.pattern).search(bare)), "")

    def _leaves(self, setting: Setting, pairs: Iterable[tuple[Place, str]]) -> Iterator[_Piece]:
        for place, value in sorted(pairs):
            pattern = next((key for key in setting.keys if fits(key, place)), None)
            if pattern is None or not _counts(setting, value):
                continue
            for subject in _subjects(setting, pattern, place, value):
                amounts = self.broad(subject) if setting.broad or setting.rule == ALLOW else ""
                if amounts:
                    rule = BROAD if setting.rule == ALLOW else setting.rule
                    yield _Piece(rule, setting.says, place, subject, f"{shown(subject)} ({amounts})")
                elif not setting.broad and not (setting.rule == ALLOW and subject.lower() in self._harmless):
                    yield _Piece(setting.rule, setting.says, place, subject, shown(subject))


class _Document:
    """A document as the set of its plain values, each with its place."""

    def __init__(self, value: Any, source: str) -> None:
        self.all = list(nodes(value, source))
        self.pairs = {(place, scalar(item)) for place, item in self.all if not isinstance(item, (dict, list))}

    def at(self, keys: tuple[Place, ...]) -> Iterator[tuple[Place, Any]]:
        """Yield the values, containers too, at places that fit one of ``keys``."""
        return ((place, item) for place, item in self.all if any(fits(key, place) for key in keys))


def _together(pieces: list[_Piece]) -> Iterator[Widening]:
    """Speak once of all that is newly allowed at one place under one rule."""
    grouped: dict[tuple[str, str, Place], dict[str, _Piece]] = {}
    for piece in pieces:
        grouped.setdefault((piece.rule, piece.says, piece.place), {}).setdefault(piece.shown, piece)
    for (rule, says, place), parts in grouped.items():
        names = list(parts)
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        message = says.format(value=", ".join(names[:_NAMED]) + more, key=_dotted(place))
        yield Widening(rule, message, place, next(iter(parts.values())).value)


def fits(pattern: Place, place: Place) -> bool:
    """Tell whether a place is one that the pattern names."""
    if "**" not in pattern:
        return len(pattern) == len(place) and all(a in ("*", b) for a, b in zip(pattern, place, strict=True))
    head = pattern.index("**")
    tail = pattern[head + 1 :]
    return (
        len(place) >= head + len(tail)
        and fits(pattern[:head], place[:head])
        and fits(tail, place[len(place) - len(tail) :])
    )


def _entries(setting: Setting, before: _Document, after: _Document) -> Iterator[_Piece]:
    old: dict[Place, list[str]] = {}
    for place, item in before.at(setting.keys):
        old.setdefault(place, []).append(_canonical(item))
    for place, item in sorted(after.at(setting.keys), key=lambda pair: pair[0]):
        if _canonical(item) in old.get(place, ()) or not _holds(item, setting):
            continue
        changed = "changed: " if place in old and place[-1] != "[]" else ""
        yield _Piece(setting.rule, changed + setting.says, place, "", _described(place, item))


def _holds(item: Any, setting: Setting) -> bool:
    if not setting.where:
        return item not in (None, False, "", {}, [])
    *keys, wanted = setting.where
    for key in keys:
        item = item.get(key) if isinstance(item, dict) else None
    return scalar(item).lower() == wanted if not isinstance(item, (dict, list)) else False


def _described(place: Place, item: Any) -> str:
    """Name an entry, and what it runs or calls: the program and its first plain argument, or the host."""
    fields: Mapping[str, Any] = item if isinstance(item, dict) else {}
    keys = ("name", "label", "toolName", "tool", "id")
    name = place[-1] if place[-1] != "[]" else next((scalar(fields[key]) for key in keys if key in fields), "")
    command = fields.get("command", item if isinstance(item, str) else "")
    words = [scalar(word) for word in command] if isinstance(command, list) else scalar(command).split()
    args = fields.get("args")
    words += [scalar(arg) for arg in args] if isinstance(args, list) else []
    program = " ".join([*words[:1], *[word for word in words[1:] if not word.startswith("-") and "=" not in word][:1]])
    address = next((scalar(fields[key]) for key in ("url", "httpUrl", "serverUrl") if key in fields), "")
    what = f"runs {shown(program)}" if program else f"calls {shown(address.partition('?')[0])}" if address else ""
    return f"{shown(name)} ({what})" if name and what else shown(name) or what or "an entry"


def _subjects(setting: Setting, pattern: Place, place: Place, value: str) -> Iterator[str]:
    """Yield what is allowed by one value: the value, its key, or the parts of it."""
    if setting.subject:
        yield place[next((i for i, part in enumerate(pattern) if part == "*"), -1)]
    elif setting.pattern:
        for match in _rx(setting.pattern).finditer(value[:20_000]):
            text = match[match.lastindex or 0] or ""
            yield from _rx(_TOOL).findall(text) if setting.tools else (text,)
    elif setting.tools:
        yield from _rx(_TOOL).findall(value[:20_000])
    else:
        yield value


def _counts(setting: Setting, value: str) -> bool:
    low = value.strip().lower()
    return (low in setting.values if setting.values else bool(low)) and low not in setting.but


def _dotted(place: Place) -> str:
    return shown(".".join(part for part in place if part != "[]"))


def _canonical(item: Any) -> str:
    """Write a value so that two that say the same are the same, whatever the order and the type of their keys."""
    if isinstance(item, dict):
        return f"{{{','.join(sorted(f'{key_name(key)!r}:{_canonical(inner)}' for key, inner in item.items()))}}}"
    if isinstance(item, list):
        return f"[{','.join(map(_canonical, item))}]"
    return repr(item)


def _setting(entry: Table) -> Setting:
    change = entry.choice("change", ("new", "lost", "entry"), "new")
    return Setting(
        rule=entry.text("rule"),
        keys=tuple(tuple(key.split("/")) for key in entry.texts("keys")),
        says=entry.text("says"),
        change=change,
        values=entry.texts("values", ()),
        but=entry.texts("but", ("false",) if change == "new" else ()),
        pattern=entry.text("pattern", ""),
        subject=entry.flag("subject", default=False),
        where=entry.texts("where", ()),
        tools=entry.flag("tools", default=False),
        broad=entry.flag("broad", default=False),
    )


def _broad(entry: Table) -> Broad:
    found = Broad(entry.text("pattern"), entry.text("says"))
    entry.done()
    return found


@cache
def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
