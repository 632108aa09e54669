"""Draw the picture of the README from what ``make bench`` measured: ``docs/bench.json`` to ``docs/bench.svg``."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "docs" / "bench.json"
PICTURE = ROOT / "docs" / "bench.svg"

_WIDTH = 860
_NAMES = 330
_BARS = 330
_ROW = 22
_OURS = "#2b6cb0"
_THEIRS = "#a0aec0"


def svg(document: dict[str, Any]) -> str:
    """The picture: a bar for each contestant of the tables that are marked to be drawn, by table on one scale."""
    parts: list[str] = []
    top = 34
    for table in document["tables"]:
        if not table["drawn"]:
            continue
        parts.append(_text(16, top, table["title"], weight="600"))
        top += 10
        longest = max(timing["median"] for timing in table["timings"])
        for timing in table["timings"]:
            parts += _bar(top, timing, timing["median"] / longest)
            top += _ROW
        top += 28
    for line in (document["machine"], f"medians of {document['runs']} runs at most; in brackets beside the first"):
        parts.append(_text(16, top - 6, line, size=11, fill="#718096"))
        top += 16
    style = 'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top + 12}" '
        f'viewBox="0 0 {_WIDTH} {top + 12}" role="img" aria-label="How long scans take" {style}>\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _bar(top: int, timing: dict[str, Any], share: float) -> list[str]:
    fill = _OURS if timing["name"].startswith("sayso") else _THEIRS
    width = max(round(share * _BARS), 2)
    words = f"{timing['median']:,.0f} ms"
    if timing["ratio"] != 1:
        words += f"  ({timing['ratio']:.{1 if timing['ratio'] > 1 else 2}f}\u00d7)"
    return [
        _text(16, top + 15, timing["name"]),
        f'<rect x="{_NAMES}" y="{top + 4}" width="{width}" height="{_ROW - 8}" rx="2" fill="{fill}"/>',
        _text(_NAMES + width + 8, top + 15, words, size=12, fill="#4a5568"),
    ]


def _text(x: int, y: int, words: str, *, size: int = 13, weight: str = "400", fill: str = "#1a202c") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}">{escape(words)}</text>'


def draw() -> None:
    """Write the picture."""
    PICTURE.write_text(svg(json.loads(DATA.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    draw()
