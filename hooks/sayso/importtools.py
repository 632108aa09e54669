"""Which tool a report is of, which files that tool can examine, and how it writes its reports.

Data of ``rules/imports.toml``. A tool that is not listed is called by its name in
lower case, and every file of code is its business: what nobody knows is not excused.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import NamedTuple

from sayso import tables
from sayso.languages import UNKNOWN, Language
from sayso.model import DataError

_OTHER = re.compile(r"[^a-z0-9]+")
LISTS = ("", "bandit-metrics")


class Tool(NamedTuple):
    """What is known of a tool.

    ``drivers`` are its names in reports. ``languages``, or ``names`` (patterns, of whole paths if they have a slash),
    say what it examines; where both are empty, all code. ``prefix`` begins the rules without which a report is not this
    tool's, for a set of rules that runs inside another tool. ``lists`` and ``wrong_index`` are habits of its reports.
    ``dated`` says that its answer holds for some days only: it rests on what is known of other people's packages.
    ``run`` are commands that write a report and import it.
    """

    name: str
    drivers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    prefix: str = ""
    lists: str = ""
    wrong_index: bool = False
    dated: bool = False
    run: str = ""

    def examines(self, path: str, language: Language) -> bool:
        """Tell whether a file is the tool's business."""
        if self.names:
            whole = path.lower()
            base = whole.rpartition("/")[2]
            return any(fnmatchcase(whole if "/" in name else base, name) for name in self.names)
        if self.languages:
            return language.id in self.languages
        return language.kind in {"code", UNKNOWN}


class Tools:
    """The tools that are known, by name and by driver."""

    def __init__(self, table: tables.Table) -> None:
        listed = [_read(entry) for entry in table.tables("tool")]
        table.done()
        self._by_name = {tool.name: tool for tool in listed}
        self.by_driver: dict[str, list[Tool]] = {}
        for tool in listed:
            for driver in tool.drivers:
                self.by_driver.setdefault(driver, []).append(tool)

    def named(self, name: str) -> Tool:
        """Return what is known of a tool by the name that claims and evidence have for it."""
        return self._by_name.get(name, Tool(name))

    def of(self, driver: str, rules: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names under which a report of ``driver`` counts.

        Raises:
            DataError: the driver's name has no letter and no digit.
        """
        key = driver.strip().lower()
        known = self.by_driver.get(key, [])
        names = tuple(
            tool.name for tool in known if not tool.prefix or any(rule.startswith(tool.prefix) for rule in rules)
        )
        name = _OTHER.sub("-", key).strip("-")[:80]
        if not names and not name:
            raise DataError(f"{driver[:60]!r} is no name of a tool")
        return names or (name,)


def _read(entry: tables.Table) -> Tool:
    tool = Tool(
        entry.text("name"),
        entry.texts("drivers"),
        entry.texts("languages", ()),
        entry.texts("names", ()),
        entry.text("prefix", ""),
        entry.choice("lists", LISTS, ""),
        entry.flag("wrong-index", default=False),
        entry.flag("dated", default=False),
        entry.text("run", ""),
    )
    entry.done()
    return tool
