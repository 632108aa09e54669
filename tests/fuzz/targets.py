"""What is fuzzed: for each parser a function of bytes that returns, or raises ``SaysoError``, and never anything else.

A seed is a text for people. ``SEPARATOR`` on a line of its own parts it where a target takes several texts, such
as a path and a file, or a file before and after. A target also holds what must be true of every answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from fuzz import policies, records, renderers, signals, texts
from sayso.model import SaysoError

Target = Callable[[bytes], None]

CORPUS = Path(__file__).parent / "corpus"
MOST_BYTES = 8_192
"""The longest input: bounds are tried with real commands, parsers with what is small and odd."""

TARGETS: Final[Mapping[str, Target]] = {
    **policies.TARGETS,
    **records.TARGETS,
    **texts.TARGETS,
    **signals.TARGETS,
    **renderers.TARGETS,
}


def run(name: str, data: bytes) -> None:
    """Play ``data`` through a target; anything but ``SaysoError`` comes out as it is."""
    with suppress(SaysoError):
        TARGETS[name](data)


def seeds(name: str) -> list[bytes]:
    """Return the seeds of a target: what its author wrote, and what once broke it."""
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]
