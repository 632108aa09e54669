"""Every language that has rules also has the rule that makes the engine parse every file."""

from __future__ import annotations

import json

import pytest

from tools.repo import Repo
from tools.scratch import ROOT

SEMGREP = ROOT / "rules" / "semgrep"
PARSED = {
    language for rule in json.loads((SEMGREP / "parses.json").read_text())["rules"] for language in rule["languages"]
}
BROKEN = {
    "python": ("a.py", "def broken(:\n    x = = 1\n"),
    "javascript": ("a.js", "function ( { = 1\n"),
    "typescript": ("a.ts", "const a: = 1 <\n"),
    "java": ("A.java", "class A { void f( { int = = 1; } }\n"),
    "csharp": ("A.cs", "class A { void f( { int = = 1; } }\n"),
    "go": ("a.go", "package a\nfunc f( {\n x = = 1\n}\n"),
}


def test_no_language_is_forgotten() -> None:
    sets = [json.loads(path.read_text())["rules"] for path in (SEMGREP / "compiled").glob("*.json")]
    assert {language for rules in sets for rule in rules for language in rule["languages"]} <= PARSED
    assert BROKEN.keys() == PARSED


@pytest.mark.parametrize("language", sorted(PARSED))
def test_a_file_that_does_not_parse_is_not_examined(repo: Repo, language: str) -> None:
    name, content = BROKEN[language]
    repo.stage(name, content)
    code, said = repo.output("sayso", "code-scan")
    if "has no rules for it" in said:
        pytest.skip(f"no rules for {language} yet")
    assert code == 3
    assert f"{name}: not examined: semgrep cannot parse it" in said
