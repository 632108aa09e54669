"""Read YAML that somebody else wrote: configurations of hooks, workflows and agents.

Plain values only. Tags that build objects are errors, and so are duplicate keys,
which two readers could understand in two ways. Aliases are refused beyond a few:
a page of them expands to gigabytes.
"""

from __future__ import annotations

from typing import Any

from sayso.model import DataError

MOST_BYTES = 1 << 20
MOST_DEPTH = 64
_MOST_ALIASES = 200
_MOST_NODES = 200_000


def read(text: str, source: str) -> Any:
    """Parse the one document in ``text``; ``source`` names it in messages.

    Raises:
        DataError: not YAML, more than one document, or something that no honest configuration holds.
    """
    import yaml  # noqa: PLC0415 - 20 ms that only a change to such a file pays

    if len(text) > MOST_BYTES:
        raise DataError(f"{source}: more than {MOST_BYTES >> 20} MiB are too many for a configuration")
    loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        aliases = _measure(text, source, yaml, loader)
        node = yaml.compose(text, Loader=loader)
        _refuse_doubles(node, source, yaml)
        if aliases:
            _refuse_bombs(node, source, yaml)
        return yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise DataError(f"{source}{line}: not valid YAML: {getattr(exc, 'problem', None) or exc}") from exc
    except (RecursionError, ValueError, TypeError, OverflowError) as exc:
        raise DataError(f"{source}: not a configuration: {exc}") from exc


def _measure(text: str, source: str, yaml: Any, loader: type) -> int:
    """Refuse what is too much to read, and return the number of aliases."""
    depth = aliases = 0
    for nodes, event in enumerate(yaml.parse(text, Loader=loader)):
        depth += isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent))
        depth -= isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent))
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > MOST_DEPTH or aliases > _MOST_ALIASES or nodes > _MOST_NODES:
            raise DataError(f"{source}:{event.start_mark.line + 1}: too many levels, aliases or values")
    return aliases


def _refuse_doubles(node: Any, source: str, yaml: Any) -> None:
    """Refuse duplicate keys; without recursion, and each node once, however many aliases lead to it."""
    waiting, seen = [node], set[int]()
    while waiting:
        item = waiting.pop()
        if item is None or id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, yaml.MappingNode):
            keys: set[tuple[str, str]] = set()
            for key, value in item.value:
                name = (key.tag, key.value) if isinstance(key.value, str) else ("", "")
                if name in keys and name[1] not in {"", "<<"}:
                    line = key.start_mark.line + 1
                    raise DataError(f"{source}:{line}: the key {name[1][:60]!r} stands twice in one mapping")
                keys.add(name)
                waiting += [key, value]
        elif isinstance(item, yaml.SequenceNode):
            waiting += item.value


def _refuse_bombs(node: Any, source: str, yaml: Any) -> None:
    """Refuse what is small as written and endless for whoever walks through it: aliases of aliases, and loops."""
    sizes: dict[int, int] = {}
    entered: set[int] = set()
    waiting = [node]
    while waiting:
        item = waiting[-1]
        below = _below(item, yaml)
        if id(item) in sizes:
            waiting.pop()
        elif id(item) in entered:
            waiting.pop()
            sizes[id(item)] = 1 + sum(sizes[id(child)] for child in below)
            if sizes[id(item)] > _MOST_NODES:
                raise DataError(f"{source}:{item.start_mark.line + 1}: aliases make too many values of it")
        else:
            entered.add(id(item))
            pending = [child for child in below if id(child) not in sizes]
            if any(id(child) in entered for child in pending):
                raise DataError(f"{source}:{item.start_mark.line + 1}: an alias leads back to what it stands in")
            waiting += pending


def _below(item: Any, yaml: Any) -> list[Any]:
    if isinstance(item, yaml.MappingNode):
        return [node for pair in item.value for node in pair]
    return item.value if isinstance(item, yaml.SequenceNode) else []
