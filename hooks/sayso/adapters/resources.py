"""Read the rules that shipped with this code: beside the package in a wheel, at the top of a checkout.

Located from this file alone, so a ``rules/`` in the repository that is being
scanned can never shadow them.
"""

from __future__ import annotations

import marshal
import os
import sys
from typing import Any

from sayso import tables
from sayso.model import DataError

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def rules_folder() -> str:
    """Return the absolute path of the shipped rules."""
    shipped = os.path.join(_PACKAGE, "rules")
    return shipped if os.path.isdir(shipped) else os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), "rules")


def path_of(*names: str) -> str:
    """Return the absolute path of a file below the shipped rules."""
    return os.path.join(rules_folder(), *names)


def read_bytes(*names: str) -> bytes:
    """Return the bytes of a shipped rules file.

    Raises:
        DataError: it is missing or unreadable, so the installation is damaged.
    """
    path = path_of(*names)
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as exc:
        raise DataError(f"{path}: {exc.strerror}: this installation of sayso is damaged, install it again") from exc


def read_text(*names: str) -> str:
    """Return the text of a shipped rules file, or raise ``DataError``."""
    try:
        return read_bytes(*names).decode("utf-8")
    except UnicodeDecodeError as exc:
        raise DataError(f"{path_of(*names)}: not UTF-8: {exc.reason} at byte {exc.start}") from exc


def stamp() -> str:
    """Return what changes whenever a rules file does: the sizes and times of all of them."""
    folders = (rules_folder(), path_of("semgrep"), path_of("semgrep", "compiled"))
    files = sorted(
        (entry.path, entry.stat().st_size, entry.stat().st_mtime_ns)
        for folder in folders
        for entry in os.scandir(folder)
        if entry.is_file()
    )
    return repr([file[1:] for file in files])


def read_table(name: str) -> tables.Table:
    """Return a shipped TOML file, parsed.

    The parsed form is kept in ``__pycache__`` beside the file, under the terms of a
    ``.pyc``: it holds for one size and modification time. Parsing costs more than all
    else that a light hook does. Raises ``DataError``.
    """
    path = path_of(name)
    source = os.path.join("rules", name)
    cached = os.path.join(rules_folder(), "__pycache__", f"{name}.{sys.implementation.cache_tag}")
    try:
        state = os.stat(path)
        stamp = b"%d %d\n" % (state.st_size, state.st_mtime_ns)
        values = _unpacked(cached, stamp)
    except OSError:
        return tables.parse(read_text(name), source)
    if values is None:
        table = tables.parse(read_text(name), source)
        _pack(cached, stamp + marshal.dumps(table.values))
        return table
    return tables.Table(values, source, lambda: read_text(name))


def _unpacked(path: str, stamp: bytes) -> dict[str, Any] | None:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return None
    if not data.startswith(stamp):
        return None
    values: dict[str, Any] = marshal.loads(memoryview(data)[len(stamp) :])  # noqa: S302 - ours, as a .pyc is
    return values


def _pack(path: str, data: bytes) -> None:
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(beside, "xb") as file:
            file.write(data)
        os.replace(beside, path)
    except OSError:
        return  # an installation that cannot be written to works without
