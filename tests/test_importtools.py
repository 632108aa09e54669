from __future__ import annotations

import re

import pytest

from sayso import importtools, languages, tables
from sayso.checks import secure_claims
from sayso.importtools import Tool, Tools
from sayso.model import DataError
from specimens import ROOT

RULES = ROOT / "rules"
TOOLS = Tools(tables.parse((RULES / "imports.toml").read_text(encoding="utf-8"), "imports.toml"))
LANGUAGES = languages.parse((RULES / "languages.toml").read_text(encoding="utf-8"))
LISTED = [tool for tools in TOOLS.by_driver.values() for tool in tools]


@pytest.mark.parametrize(
    ("driver", "rules", "names"),
    [
        ("Bandit", (), ("bandit",)),
        ("CodeQL", (), ("codeql",)),
        ("CodeQL command-line toolchain", (), ("codeql",)),
        ("Semgrep OSS", (), ("semgrep",)),
        ("ESLint", ("no-eval",), ("eslint",)),
        ("ESLint", ("security/detect-eval-with-expression",), ("eslint", "eslint-plugin-security")),
        ("Some Scanner (2)", (), ("some-scanner-2",)),
        (" Bandit ", (), ("bandit",)),
        ("Bandit 2", (), ("bandit-2",)),
    ],
)
def test_names_of_a_report(driver: str, rules: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert TOOLS.of(driver, rules) == names


def test_a_driver_needs_a_letter() -> None:
    with pytest.raises(DataError, match="is no name of a tool"):
        TOOLS.of("漏洞", ())


@pytest.mark.parametrize(
    ("tool", "path", "business"),
    [
        ("bandit", "a.py", True),
        ("bandit", "a.go", False),
        ("gosec", "README.md", False),
        ("npm-audit", "web/package-lock.json", True),
        ("npm-audit", "web/app.js", False),
        ("zizmor", ".github/workflows/ci.yml", True),
        ("zizmor", "deploy/values.yml", False),
        ("unheard-of", "a.go", True),
        ("unheard-of", "bin/tool", True),
        ("unheard-of", "README.md", False),
        ("unheard-of", "logo.png", False),
    ],
)
def test_what_is_the_business_of_a_tool(tool: str, path: str, business: bool) -> None:
    assert TOOLS.named(tool).examines(path, LANGUAGES.of(path)) is business


def test_every_tool_of_the_data_is_one_that_claims_can_name() -> None:
    claims = secure_claims.read_rules(tables.parse((RULES / "claims.toml").read_text(encoding="utf-8"), "claims.toml"))
    named = {tool.name for tool in claims.tools}
    assert {tool.name for tool in LISTED} - named == {"eslint"}


@pytest.mark.parametrize("tool", LISTED, ids=lambda tool: tool.name)
def test_the_data_fits_what_reads_it(tool: Tool) -> None:
    assert all(driver == driver.lower().strip() for driver in tool.drivers)
    assert all(name == name.lower() for name in tool.names)
    assert all(LANGUAGES.suffix(language) for language in tool.languages)
    assert not tool.run or re.search(r"[;&] sayso import \S+", tool.run)


def test_a_habit_that_nobody_knows_is_refused() -> None:
    text = '[[tool]]\nname = "x"\ndrivers = ["x"]\nlists = "elsewhere"\n'
    with pytest.raises(DataError, match=r"t\.toml:4: .*'elsewhere' is not one of"):
        importtools.Tools(tables.parse(text, "t.toml"))
