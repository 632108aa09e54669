"""The engine is asked only where it could find more, and nothing that it could find is kept from it."""

from __future__ import annotations

import json
import sysconfig
from pathlib import Path

import pytest

import specimens
from sayso.adapters.resources import read_table
from sayso.credentials import gate, tokens
from sayso.credentials.reader import Reader
from sayso.credentials.values import Judge

READER = Reader(read_table("secret_values.toml"), tokens.load(read_table("secret_tokens.toml")))
JUDGE = Judge(read_table("secret_values.toml"))
OPAQUE = specimens.random_text("opaque")
STDLIB = Path(sysconfig.get_paths()["stdlib"])


def asks(text: str, suffix: str) -> bool:
    return READER.read(text, suffix).open


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        pytest.param(f'opaque = "{OPAQUE}"\n', ".py", id="quoted"),
        pytest.param(f"opaque: {OPAQUE}\n", ".yml", id="yaml-bare"),
        pytest.param(f"[a]\nopaque = {OPAQUE}\n", ".txt", id="ini-bare"),
        pytest.param(f"opaque={OPAQUE}\n", ".txt", id="settings-bare"),
        pytest.param(f'opaque: "{OPAQUE[:20]}\\\n  {OPAQUE[20:]}"\n', ".yml", id="yaml-continued"),
        pytest.param("opaque: !!binary |\n  aGVsbG8gd29ybGQ=\n", ".yml", id="yaml-binary"),
        pytest.param('x = "' + "AKIA" + 'Q8Z9R0W1KJ77TTP0"\n', ".py", id="form-of-the-engine-alone"),
    ],
)
def test_the_engine_is_asked(text: str, suffix: str) -> None:
    assert asks(text, suffix)


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        pytest.param("def add(a, b):\n    return a + b\n", ".py", id="code"),
        pytest.param(specimens.INSECURE, ".py", id="insecure-but-no-secret"),
        pytest.param('password = "changeme"\n', ".py", id="placeholder"),
        pytest.param('password = "Enter your password"\n', ".py", id="label"),
        pytest.param("password = get_password()\n", ".py", id="call"),
        pytest.param(f"opaque = {OPAQUE}\n", ".py", id="unquoted-in-code"),
        pytest.param('name = "com.example.application.controllers.UserController"\n', ".java", id="dotted-name"),
        pytest.param(f'token = "{specimens.github_token()}"\n', ".py", id="known-already"),
        pytest.param(f'"{specimens.private_key()}', ".txt", id="key-known-already"),
        pytest.param("on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n", ".yml", id="workflow"),
        pytest.param('digest = "' + "0123456789abcdef" * 4 + '"\n', ".py", id="digest"),
        pytest.param(f'resolved "{OPAQUE}"\n', ".locked", id="lock-file"),
    ],
)
def test_the_engine_is_not_asked(text: str, suffix: str) -> None:
    assert not asks(text, suffix)


def test_most_real_files_need_no_engine() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(STDLIB.glob("*.py"))[:150]]
    assert sum(asks(text, ".py") for text in texts) < len(texts) * 0.1


@pytest.mark.parametrize(
    ("text", "suffix", "rewritten"),
    [
        ("a: 1\n", ".yml", True),
        ("; c\n\n[section]\na = 1\n", ".cfg", True),
        ("[section]\n", ".py", True),
        ("a = 1\nb: 2\n# c\n  more\n", ".txt", True),
        ("a = 1\nwords alone\n", ".txt", False),
        ("a = 1\n", ".py", False),
        ("import os\n", ".code", False),
    ],
)
def test_what_the_engine_rewrites(text: str, suffix: str, rewritten: bool) -> None:
    assert gate.is_rewritten(text, suffix) is rewritten


def test_a_report_of_the_reader_is_the_same_every_time() -> None:
    text = "\n".join(line for line, _ in specimens.secrets().values())
    assert json.dumps(READER.read(text, ".py")) == json.dumps(READER.read(text, ".py"))
