"""A wheel built from the sdist works in a fresh environment, from a foreign and hostile directory."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tools.scratch import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tools.repo import Repo

pytestmark = [pytest.mark.e2e, pytest.mark.network]


def test_wheel_from_sdist_in_a_hostile_directory(repo: Repo, tmp_path: Path) -> None:
    built, fresh = tmp_path / "built", tmp_path / "fresh"
    repo.run(sys.executable, "-m", "build", "--outdir", str(built), str(ROOT))
    repo.run(sys.executable, "-m", "venv", str(fresh))
    wheel = next(built.glob("*.whl"))
    repo.run(str(fresh / "bin" / "python"), "-m", "pip", "install", "--quiet", f"{wheel}[scanners]")

    trapped = tmp_path / "trapped"
    trap = f"open({str(trapped)!r}, 'w').write(__name__)\n"
    for name in ("json.py", "re.py", "tomli.py", "sayso/__init__.py", "sayso/cli.py", "detect_secrets.py"):
        repo.write(name, trap)
    repo.write("rules/claims.toml", "nonsense")
    repo.write("semgrep", f"#!/bin/sh\ntouch {trapped}\n").chmod(0o755)
    repo.stage("config.py", "import pickle\n\nVALUE = pickle.load(open('x', 'rb'))\n")
    sayso = str(fresh / "bin" / "sayso")
    path = os.pathsep.join([str(repo.path), ".", repo.environment["PATH"]])

    assert repo.run(sayso, "--version", PATH=path).stdout.startswith(b"sayso ")
    done = repo.run(sayso, "sayso", check=False, PATH=path)
    assert done.returncode == 1, done.stderr
    assert b"config.py:3: error: [python-unsafe-pickle]" in done.stdout
    quiet = next(line for line in done.stdout.splitlines() if line.startswith(b"nothing found: "))
    assert b"secret-scan" in quiet
    assert quiet.endswith(b"(1 examined)")
    explained = repo.run(sayso, "explain", "python-unsafe-pickle", PATH=path).stdout
    assert b"CWE-502" in explained
    assert not trapped.exists()
