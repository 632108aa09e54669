"""Read the options of a hook from a table.

Not argparse: importing it and building its parser would cost a light hook a
tenth of its time, on every commit. The tools, which people type, use argparse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sayso.model import UsageError


class Option(NamedTuple):
    """An option: what follows it on the command line ("" for a flag), what it may be, and what it does."""

    value: str
    help: str
    choices: tuple[str, ...] = ()


class Given(NamedTuple):
    """What a command line says: the last value of each option that it has, "yes" for a flag, and the other words."""

    options: Mapping[str, str]
    names: tuple[str, ...]

    def has(self, option: str) -> bool:
        """Tell whether a flag is there."""
        return option in self.options

    def text(self, option: str) -> str:
        """Return the value of an option, or ""."""
        return self.options.get(option, "")


def parse(argv: Sequence[str], table: Mapping[str, Option], command: str) -> Given:
    """Read ``argv`` by ``table``; after ``--`` everything is a name, however it begins.

    Raises:
        UsageError: an unknown option, a missing or wrong value.
    """
    options: dict[str, str] = {}
    names: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--":
            names += words
        elif not word.startswith("-") or word == "-":
            names.append(word)
        else:
            name, given, value = word.partition("=")
            option = table.get(name)
            if option is None:
                raise UsageError(f"sayso {command}: unknown option {name}: see sayso {command} --help")
            if bool(given) and not option.value:
                raise UsageError(f"sayso {command}: {name} takes no value")
            options[name] = (
                _value(command, name, option, value if given else next(words, None)) if option.value else "yes"
            )
    return Given(options, tuple(names))


def _value(command: str, name: str, option: Option, value: str | None) -> str:
    if value is None:
        raise UsageError(f"sayso {command}: {name} needs a value: {option.value}")
    if option.choices and value not in option.choices:
        raise UsageError(f"sayso {command}: {name}: {value!r} is not one of {', '.join(option.choices)}")
    return value


def usage(table: Mapping[str, Option], command: str, summary: str) -> str:
    """Return the help text."""
    shown = {f"{name} {option.value}".strip(): option.help for name, option in table.items()}
    width = max(map(len, shown)) + 2
    lines = [f"usage: sayso {command} [options] [--] [FILE ...]", "", f"{summary[0].upper()}{summary[1:]}.", ""]
    lines += [f"  {name:<{width}}{text}" for name, text in shown.items()]
    return "\n".join(lines) + "\n"
