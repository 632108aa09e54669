"""What the engine is fed (compiled JSON) is what people read and review (YAML)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[1] / "tools" / "compile_rules.py"


@pytest.mark.e2e
def test_compiled_rules_are_up_to_date() -> None:
    run = subprocess.run([sys.executable, str(TOOL), "--check"], capture_output=True, text=True, check=False)
    assert run.stdout + run.stderr == ""
    assert run.returncode == 0, "run: python tests/tools/compile_rules.py"
