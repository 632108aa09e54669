"""The results of a SARIF run: each names a rule that the run knows, and a place in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sayso.imports.report import Result
from sayso.imports.uris import Addresses
from sayso.jsondoc import Node

_LEVELS = ("none", "note", "warning", "error")
_KINDS = ("fail", "open", "review", "pass", "notApplicable", "informational")
_NOTHING_FOUND = frozenset(("pass", "notApplicable", "informational"))
_STATES = ("new", "unchanged", "updated", "absent")
_MOST_LINES = 1 << 31
_LONGEST_ID = 300


class Rules:
    """The rules of a run: those of the tool and of its extensions."""

    def __init__(self, tool: Node, *, index_is_right: bool = True) -> None:
        self._index_is_right = index_is_right
        self._driver = tool.object("driver").list("rules", optional=True)
        self._extensions = [item.list("rules", optional=True) for item in tool.list("extensions", optional=True)]
        self._levels: dict[str, str] = {}
        self._enabled: set[str] = set()
        for rule in (*self._driver, *(rule for rules in self._extensions for rule in rules)):
            rule_id = rule.text("id")
            if not 0 < len(rule_id) <= _LONGEST_ID:
                raise rule.error("is empty or too long", "id")
            settings = rule.object("defaultConfiguration", optional=True)
            self._levels.setdefault(rule_id, _choice(settings, "level", _LEVELS, "warning"))
            if settings.flag("enabled", default=True):
                self._enabled.add(rule_id)

    @property
    def enabled(self) -> tuple[str, ...]:
        """The ids of the rules that the report lists and that are not off by default, each once, sorted."""
        return tuple(sorted(self._enabled))

    def apply(self, override: Node) -> None:
        """Switch a rule on or off, as the run was told to."""
        settings, descriptor = override.object("configuration"), override.object("descriptor")
        if settings.has("enabled"):
            rule_id = (
                descriptor.text("id")
                if descriptor.has("id")
                else self._at(descriptor, descriptor.number("index"), descriptor)
            )
            (self._enabled.add if settings.flag("enabled") else self._enabled.discard)(rule_id)

    def of(self, result: Node) -> tuple[str, str]:
        """Return the id of the rule that a result names, and the rule's level.

        Raises:
            DataError: the run does not have it, or the result names two rules.
        """
        reference = result.object("rule", optional=True)
        given = {item.text(key) for item, key in ((result, "ruleId"), (reference, "id")) if item.has(key)}
        indexed = {
            self._at(item, item.number(key, least=-1), reference)
            for item, key in ((result, "ruleIndex"), (reference, "index"))
            if item.has(key) and item.value[key] != -1
        }
        if len(given) > 1 or not given | indexed:
            raise result.error("names no rule, or two")
        rule_id = next(iter(given or indexed))
        if len(indexed) > 1 or (self._index_is_right and indexed and not _is(rule_id, next(iter(indexed)))):
            raise result.error(f"its index names another rule than {rule_id!r}")
        parent = rule_id
        while parent not in self._levels and "/" in parent:
            parent = parent.rpartition("/")[0]
        if parent not in self._levels:
            raise result.error(f"its rule {rule_id[:80]!r} is none of the run's rules")
        return rule_id, self._levels[parent]

    def _at(self, place: Node, index: int, reference: Node) -> str:
        component = reference.object("toolComponent", optional=True)
        rules: Sequence[Node] = self._driver
        if component.has("index") and component.value["index"] != -1:
            number = component.number("index")
            if number >= len(self._extensions):
                raise component.error(f"there is no extension {number}", "index")
            rules = self._extensions[number]
        elif component.fields():
            raise component.error("a tool component must be given by its index")
        if index >= len(rules):
            raise place.error(f"the index of its rule is {index}, and there are {len(rules)} rules")
        return rules[index].text("id")


def results(run: Node, rules: Rules, addresses: Addresses, index: Sequence[str]) -> Iterator[Result]:
    """Yield what a run found, once for each place; ``index`` are the paths of the run's artifacts."""
    for result in run.list("results"):
        rule_id, default = rules.of(result)
        kind = _choice(result, "kind", _KINDS, "fail")
        level = _choice(result, "level", _LEVELS, default)
        if kind in _NOTHING_FOUND or _choice(result, "baselineState", _STATES, "new") == "absent":
            continue
        suppressed = bool(result.list("suppressions", optional=True))
        locations = result.list("locations", optional=True)
        if not locations:
            raise result.error("names no place, so that it cannot be told which file it is about", "locations")
        for location in locations:
            physical = location.object("physicalLocation")
            path = _path(physical.object("artifactLocation"), addresses, index)
            line, end_line = _lines(physical.object("region", optional=True))
            yield Result(rule_id, level, path, line, end_line, suppressed)


def _path(location: Node, addresses: Addresses, index: Sequence[str]) -> str:
    number = location.number("index", -1, least=-1)
    if number >= len(index):
        raise location.error(f"there is no artifact {number}", "index")
    if location.has("uri"):
        path = addresses.path(location)
        if number >= 0 and index[number] != path:
            raise location.error(f"artifact {number} is {index[number]!r}, and not {path!r}", "index")
        return path
    if number < 0 or not index[number]:
        raise location.error("names no file")
    return index[number]


def _lines(region: Node) -> tuple[int, int]:
    if not region.has("startLine"):
        return 0, 0
    first = region.number("startLine", least=1)
    last = region.number("endLine", first, least=1)
    if not first <= last < _MOST_LINES:
        raise region.error(f"ends at line {last}, and begins at line {first}", "endLine")
    return first, last


def _is(rule_id: str, listed: str) -> bool:
    return rule_id == listed or rule_id.startswith(f"{listed}/")


def _choice(node: Node, key: str, allowed: tuple[str, ...], default: str) -> str:
    value = node.text(key, default)
    if value not in allowed:
        raise node.error(f"{value[:60]!r} is not one of {', '.join(allowed)}", key)
    return value
