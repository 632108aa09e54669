"""The rules that shipped with the code are read, whatever lies in the repository that is scanned."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sayso.adapters import resources
from sayso.model import DataError
from specimens import ROOT


def test_rules_are_those_of_the_checkout() -> None:
    assert resources.rules_folder() == str(ROOT / "rules")
    assert resources.read_text("secrets.toml") == (ROOT / "rules" / "secrets.toml").read_text()
    assert resources.path_of("semgrep", "compiled", "python.json") == str(ROOT / "rules/semgrep/compiled/python.json")


def test_a_folder_of_the_same_name_never_shadows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (tmp_path / "rules", tmp_path / "sayso" / "rules", tmp_path / "hooks" / "sayso" / "rules"):
        folder.mkdir(parents=True)
        (folder / "secrets.toml").write_text("planted = true\n")
        (folder / "__pycache__").mkdir()
    monkeypatch.chdir(tmp_path)
    program = "from sayso.adapters import resources; print(resources.read_text('secrets.toml'))"
    for interpreter in ([sys.executable, "-I"], [sys.executable, "-P"]):
        done = subprocess.run([*interpreter, "-c", program], capture_output=True, check=True, text=True)
        assert "planted" not in done.stdout
    assert "planted" not in resources.read_text("secrets.toml")


def test_a_missing_file_means_a_damaged_installation() -> None:
    with pytest.raises(
        DataError, match=r"no-such-file\.toml: No such file or directory: this installation of sayso is damaged"
    ):
        resources.read_text("no-such-file.toml")


def test_read_table_says_the_same_when_read_again() -> None:
    first, again = (resources.read_table("secrets.toml") for _ in range(2))
    assert first.keys() == again.keys()
    assert first.text("why") == again.text("why")
