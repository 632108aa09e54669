"""A file that does not look well-formed is parsed by the engine, whether or not a rule could match in it."""

from __future__ import annotations

import json

import pytest

from sayso import wellformed
from sayso.app.scanruns import known_languages
from tools.repo import Repo
from tools.scratch import ROOT

PARSED = {
    language
    for rule in json.loads((ROOT / "rules" / "semgrep" / "parses.json").read_text())["rules"]
    for language in rule["languages"]
}
BROKEN = {
    "python": ("a.py", "def broken(:\n    x = = 1\n"),
    "javascript": ("a.js", "function ( { = 1\n"),
    "typescript": ("a.ts", "const a: = (1 <\n"),
    "java": ("A.java", "class A { void f( { int = = 1; } }\n"),
    "csharp": ("A.cs", "class A { void f( { int = = 1; } }\n"),
    "go": ("a.go", "package a\nfunc f( {\n x = = 1\n}\n"),
    "php": ("a.php", "<?php\nfunction f( {\n  $a = = 1;\n}\n"),
    "ruby": ("a.rb", "def f(\n  x = = 1\nend\n"),
}


def test_every_language_that_is_doubted_can_be_parsed() -> None:
    assert BROKEN.keys() == PARSED
    assert [name for name, (_, text) in BROKEN.items() if not wellformed.doubtful(text, name)] == []


@pytest.mark.parametrize("language", sorted(PARSED))
def test_a_file_that_does_not_parse_is_not_examined(repo: Repo, language: str) -> None:
    name, content = BROKEN[language]
    repo.stage(name, content)
    code, said = repo.output("sayso", "code-scan")
    partly = known_languages().partly(language)
    assert code == (0 if partly else 3)
    assert f"{name}: {'examined in part' if partly else 'not examined'}: semgrep cannot parse it" in said
    assert repo.output("sayso", "code-scan") == (code, said)


def test_a_file_that_was_examined_in_part_supports_no_claim_and_still_contradicts_one(repo: Repo) -> None:
    repo.write(".git/COMMIT_EDITMSG", "Add a\n\nThis code is secure.\n")
    repo.stage("A.cs", BROKEN["csharp"][1])
    assert repo.output("sayso", "sayso")[0] == 0
    code, said = repo.output("sayso", "secure-claims", ".git/COMMIT_EDITMSG")
    assert (code, "unsupported" in said, "A.cs: examined in part: semgrep cannot parse it" in said) == (1, True, True)
