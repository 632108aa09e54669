"""The filters that spare the engine a start lose no finding: measured against the engine with its own filters off."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from measure.filters import RULES, compare, targets
from tools.scratch import ROOT

SETS = sorted(path.stem for path in (RULES / "compiled").glob("*.json"))
SAMPLES = ROOT / "tests" / "semgrep"
LIBRARY = Path(os.__file__).parent


@pytest.mark.e2e
@pytest.mark.parametrize("name", SETS)
def test_no_finding_in_the_samples_is_lost(name: str) -> None:
    files = targets(name, [*(SAMPLES / name).iterdir(), *(SAMPLES / "plain" / name).iterdir()])
    seen = compare(name, files)
    assert seen.lost == ()
    assert seen.found >= len(json.loads((RULES / "compiled" / f"{name}.json").read_text())["rules"])


@pytest.mark.e2e
def test_no_finding_in_a_large_real_tree_is_lost() -> None:
    folders = [LIBRARY / part for part in ("http", "wsgiref", "xmlrpc", "json")]
    files = targets("python", [path for folder in folders for path in sorted(folder.rglob("*.py"))])
    assert len(files) > 10
    seen = compare("python", files)
    assert seen.lost == ()
    assert seen.pairs_through < seen.pairs * 0.1
