"""The detectors as a plugin: the library's own command finds with it what the hook finds by itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import specimens
from sayso.adapters import resources
from sayso.credentials import tokens

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
PLUGIN = Path(resources.__file__).with_name("secrets_plugin.py")


def test_the_librarys_own_command_takes_the_plugin(tmp_path: Path) -> None:
    detectors = tokens.load(resources.read_table("secret_tokens.toml"))
    made = [specimens.token(detector.example) for detector in detectors if not detector.whole]
    one_line = [token for token in made if not UUID.search(token)]  # which the library leaves out whatever finds them
    (tmp_path / "a.txt").write_text("".join(f"x = {token}\n" for token in one_line))
    command = [sys.executable, "-m", "detect_secrets", "scan", "-n", "-p", str(PLUGIN), "--all-files", "a.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    found = [secret for secret in json.loads(done.stdout)["results"]["a.txt"] if secret["type"] == "Sayso Token"]
    assert {secret["line_number"] for secret in found} == set(range(1, len(one_line) + 1))
