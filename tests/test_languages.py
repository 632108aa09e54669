from __future__ import annotations

import time

import pytest

from sayso import languages
from sayso.languages import UNKNOWN
from sayso.model import DataError
from specimens import ROOT

KNOWN = languages.parse((ROOT / "rules" / "languages.toml").read_text())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.py", "python"),
        ("deep/er/a.PY", "python"),
        ("stubs/a.pyi", "python"),
        ("a.min.js", "javascript"),
        ("a.jsx", "javascript"),
        ("a.d.ts", "typescript"),
        ("a.tsx", "typescript"),
        ("Dockerfile", "dockerfile"),
        ("deploy/prod.Dockerfile", "dockerfile"),
        ("Dockerfile.prod", "dockerfile"),
        ("Dockerfile-py3.12", "dockerfile"),
        ("containerfile_dev", "dockerfile"),
        ("Dockerfile.md", "document"),
        ("Dockerfiles", UNKNOWN),
        ("main.tf", "terraform"),
        ("prod.auto.tfvars", "terraform"),
        ("sub/Makefile", "build"),
        ("README", "document"),
        ("README.md", "document"),
        ("package.json", "data"),
        (".gitignore", "data"),
        (".env.example", "data"),
        ("logo.PNG", "media"),
        ("noext", UNKNOWN),
        ("a.unheard-of", UNKNOWN),
        ("py", UNKNOWN),
        (".py", "python"),
        ("a.py.", UNKNOWN),
        ("a.py.bak", UNKNOWN),
        ("dir.py/noext", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_by_name(path: str, expected: str) -> None:
    assert KNOWN.of(path).id == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"#!/usr/bin/python\n", "python"),
        (b"#!/usr/bin/env python3\nimport os\n", "python"),
        (b"#!/usr/bin/python3.12", "python"),
        (b"#! /usr/bin/env -S python3 -u\n", "python"),
        (b"#!/usr/bin/env -i PATH=/bin /opt/python3\n", "python"),
        (b"#!/usr/bin/env node\n", "javascript"),
        (b"#!/usr/bin/env -S deno run\n", "typescript"),
        (b"#!/bin/sh\n", "shell"),
        (b"#!/bin/bash -e\r\n", "shell"),
        (b"#!/usr/bin/Rscript\n", "other-code"),
        (b"#!/usr/bin/env\n", UNKNOWN),
        (b"#!/usr/bin/pythonic\n", UNKNOWN),
        (b"\n#!/usr/bin/python\n", UNKNOWN),
        (b"# !/usr/bin/python\n", UNKNOWN),
        (b"", UNKNOWN),
        (b"\0\1", UNKNOWN),
    ],
)
def test_by_first_line(head: bytes, expected: str) -> None:
    assert KNOWN.of("tool", head).id == expected


def test_a_name_outweighs_a_first_line() -> None:
    assert KNOWN.of("a.md", b"#!/usr/bin/python\n").id == "document"


@pytest.mark.parametrize("piece", [b"/env -a", b"/", b" ", b"\t-", b"env ", b"A=b "])
def test_a_hostile_first_line_costs_little(piece: bytes) -> None:
    started = time.process_time()
    KNOWN.of("tool", b"#!" + piece * 20_000)
    assert time.process_time() - started < 1


def test_every_rule_set_has_its_compiled_rules() -> None:
    compiled = {path.stem for path in (ROOT / "rules" / "semgrep" / "compiled").glob("*.json")}
    assert set(KNOWN.rule_sets) == compiled
    assert KNOWN.suffix("python") == ".py"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[language]]\nid = 'x'\n", r"languages\.toml:1: language: missing key 'kind'"),
        ("[[language]]\nid = 'x'\nkind = 'c'\n", r"languages\.toml:3: language\.kind: 'c' is not one of"),
        (
            "[[language]]\nid = 'x'\nkind = 'code'\nsufixes = []\n",
            r"languages\.toml:4: language\.sufixes: .*'suffixes'",
        ),
        ("[[languages]]\nid = 'x'\n", r"languages\.toml:1: languages: unknown key, did you mean 'language'"),
    ],
)
def test_a_table_that_cannot_be_used(text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        languages.parse(text)
