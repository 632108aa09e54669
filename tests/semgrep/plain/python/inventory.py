"""Counts what is in a store: reads a table, sums it up, prints it."""

from __future__ import annotations

import csv
import os
from collections import Counter
from pathlib import Path


class Store:
    """A place with shelves; each shelf holds a number of things."""

    def __init__(self, path: Path, config: dict[str, str]) -> None:
        self.path = path
        self.config = config
        self.items: Counter[str] = Counter()

    def load(self) -> None:
        """Read the table. The key of a row is its name."""
        with open(self.path, encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                self.items[row["name"]] += int(row.get("count", "0"))

    def update(self, name: str, count: int = 1) -> None:
        """Put things on the shelf, or take them from it."""
        self.items[name] += count
        if not self.items[name]:
            del self.items[name]

    def find(self, text: str) -> list[str]:
        """Select the names that hold the text."""
        return sorted(name for name in self.items if text in name)

    def report(self) -> str:
        """One line for each thing."""
        width = max((len(name) for name in self.items), default=0)
        return "\n".join(f"{name:<{width}} {count:>5}" for name, count in self.items.most_common())


def main() -> int:
    """Print the report for the store that the environment names."""
    store = Store(Path(os.environ.get("STORE", "store.csv")), {"format": "text"})
    try:
        store.load()
    except OSError as error:
        print(f"cannot read {store.path}: {error}")
        return 1
    print(store.report())
    return 0
