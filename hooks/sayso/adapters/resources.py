"""Read the rules that shipped with this code: beside the package in a wheel, at the top of a checkout.

Located from this file alone, so a ``rules/`` in the repository that is being
scanned can never shadow them.
"""

from __future__ import annotations

import os

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
