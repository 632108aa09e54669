"""Time whole processes side by side: round-robin, so that a slow moment of the machine hits all contestants alike."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


def _nothing() -> None:
    return None


class Contestant(NamedTuple):
    """A command to time; ``before`` puts things back before each run."""

    name: str
    argv: Sequence[str]
    before: Callable[[], None] = _nothing


class Timing(NamedTuple):
    """Milliseconds: the median of the runs, the fastest and the slowest."""

    name: str
    median: float
    fastest: float
    slowest: float


class Table(NamedTuple):
    """Timings of one comparison, and the contestant to which the others are put in relation."""

    title: str
    against: str
    timings: tuple[Timing, ...]

    def ratio(self, timing: Timing) -> float:
        """How many times as long as the one compared against."""
        return timing.median / next(other.median for other in self.timings if other.name == self.against)


def compare(
    title: str,
    contestants: Sequence[Contestant],
    against: str,
    *,
    runs: int,
    cwd: Path,
    environment: Mapping[str, str],
) -> Table:
    """Run every contestant ``runs`` times, after one round that does not count."""
    taken: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    for number in range(runs + 1):
        for contestant in contestants:
            contestant.before()
            start = time.perf_counter()
            subprocess.run(
                contestant.argv, cwd=cwd, env=environment, check=False, capture_output=True, stdin=subprocess.DEVNULL
            )
            if number:
                taken[contestant.name].append((time.perf_counter() - start) * 1000)
    timings = tuple(Timing(name, statistics.median(times), min(times), max(times)) for name, times in taken.items())
    return Table(title, against, timings)


def text(table: Table) -> str:
    """The table for a terminal: median, spread and ratio of each contestant."""
    lines = [f"\n{table.title}"]
    for timing in table.timings:
        spread = f"({timing.fastest:.0f} to {timing.slowest:.0f})"
        ratio = f"{table.ratio(timing):6.2f} x {table.against}"
        lines.append(f"  {timing.name:<52}{timing.median:9.1f} ms {spread:>18}  {ratio}")
    return "\n".join(lines) + "\n"
