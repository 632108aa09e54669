"""What the engines have in common: where the scanners are installed, how long one may take, and what it said."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from functools import cache
from typing import Any, TypeVar

from sayso.adapters import process, resources
from sayso.evidence import ScannerError
from sayso.languages import Languages

SITE = ("lib", f"python{sys.version_info[0]}.{sys.version_info[1]}", "site-packages")

_BASE_SECONDS = 60.0
_SECONDS_A_MEGABYTE = 20.0


def seconds(size: int) -> float:
    """Return how long a scanner may take over ``size`` bytes."""
    return _BASE_SECONDS + _SECONDS_A_MEGABYTE * size / (1 << 20)


_Report = TypeVar("_Report")


def explained(
    parse: Callable[[bytes, Any, Any], _Report], done: process.Completed, files: Collection[str], ids: set[str]
) -> _Report:
    """Parse a report; where it cannot be believed, add what the program said on standard error."""
    try:
        return parse(done.out, files, ids)
    except ScannerError as exc:
        said = " ".join(done.err.decode("utf-8", "replace").split())[-300:]
        raise ScannerError(f"{exc} (exit code {done.code}{f': {said}' if said else ''})") from exc


@cache
def known_languages() -> Languages:
    """Read the table of languages."""
    return Languages(resources.read_table("languages.toml"))
