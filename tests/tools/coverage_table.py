"""Write ``docs/coverage.md``: which CWE the rules of code-scan look for, in which language.

python tests/tools/coverage_table.py           # write the page
python tests/tools/coverage_table.py --check   # exit 1 if it is not what the rules say
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "rules" / "semgrep"
PAGE = ROOT / "docs" / "coverage.md"
ORDER = ("python", "javascript", "java", "csharp", "go", "php", "ruby", "c", "shell", "yaml", "dockerfile", "terraform")
TITLES = {"javascript": "JS, TS", "csharp": "C#", "c": "C, C++", "php": "PHP", "yaml": "YAML"}
INTRODUCTION = """# What code-scan looks for

Made from the rules by `make rules`, and held to them by a test. A number says how many rules look for a weakness in a
language; most rules have several CWE numbers, so they are counted in more than one row. `sayso rules` lists every rule,
and `sayso explain RULE` says what it finds, why it matters, how to write it instead, and what it is known to miss.

A rule that looks for a weakness does not find every case of it: flows through other files, databases and queues are not
followed. YAML stands for GitHub Actions, Kubernetes, CloudFormation and Compose files.
"""


def titles() -> dict[int, str]:
    """What each CWE number means."""
    table = tomllib.loads((RULES / "cwes.toml").read_text(encoding="utf-8"))
    return {int(number): str(title) for number, title in table.items()}


def counts() -> tuple[dict[str, int], Counter[tuple[int, str]]]:
    """The number of rules of each set, and of those of each CWE and set."""
    sizes: dict[str, int] = {}
    rows: Counter[tuple[int, str]] = Counter()
    for path in sorted((RULES / "compiled").glob("*.json")):
        rules = json.loads(path.read_text(encoding="utf-8"))["rules"]
        sizes[path.stem] = len(rules)
        rows.update((number, path.stem) for rule in rules for number in set(rule["metadata"]["cwe"]))
    return sizes, rows


def page() -> str:
    """The content of the page."""
    sizes, rows = counts()
    names = sorted(sizes, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    known = titles()
    lines = [INTRODUCTION]
    lines.append("| CWE | weakness | " + " | ".join(TITLES.get(name, name.capitalize()) for name in names) + " |")
    lines.append("|---:|---|" + "---:|" * len(names))
    lines.append("| | rules in all | " + " | ".join(str(sizes[name]) for name in names) + " |")
    for number in sorted({cwe for cwe, _ in rows}):
        cells = " | ".join(str(rows[number, name] or "") for name in names)
        lines.append(f"| {number} | {known.get(number, '?')} | {cells} |")
    return "\n".join(lines) + "\n"


def main(argv: list[str]) -> int:
    """Write the page, or with ``--check`` compare it."""
    text = page()
    if "--check" in argv:
        return 0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text else 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
