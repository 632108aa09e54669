"""The native engine and the default front end find the same in all samples, and the same again every time."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from sayso.adapters import process
from sayso.app import code_engine
from sayso.app.scanruns import known_languages
from sayso.evidence import ScanReport, Spot
from sayso.scanners import semgrep
from tools.scratch import ROOT

RULES = ROOT / "rules" / "semgrep" / "compiled"
SETS = sorted(path.stem for path in RULES.glob("*.json"))
SAMPLES = ROOT / "tests" / "semgrep"

Found = dict[str, tuple[Spot, ...]]

pytestmark = pytest.mark.e2e


def ids(name: str) -> dict[str, list[str]]:
    """The rules of a set, with their languages."""
    rules = json.loads((RULES / f"{name}.json").read_text(encoding="utf-8"))["rules"]
    return {rule["id"]: rule["languages"] for rule in rules}


def files(name: str) -> list[str]:
    return sorted(str(path) for path in (SAMPLES / name).iterdir() if path.is_file())


def native(name: str, folder: Path, jobs: int = 1) -> ScanReport:
    """What our own way of asking finds: each file under its language, and as plain text."""
    engine = code_engine.CodeScan()
    listed = []
    for path in files(name):
        subject = engine.subject(path, "0" * 40, known_languages().of(path))
        assert subject is not None
        how = semgrep.analyzer(subject.language.partition(".")[0])
        listed += [(path, kind) for kind in (how, semgrep.TEXT)]
    targets = folder / "targets.json"
    targets.write_text(semgrep.targets_text(listed))
    done = process.run(
        semgrep.native_argv(str(RULES / f"{name}.json"), str(targets), jobs),
        executable=process.own_executable(*code_engine._CORE),  # noqa: SLF001 - the one place that knows where it is
        env=process.scrubbed(str(folder)),
        timeout=300,
    )
    return semgrep.parse_native(done.out, files(name), ids(name))


def default(name: str, folder: Path) -> ScanReport:
    script = str(Path(sys.executable).parent / "pysemgrep")
    argv = semgrep.default_argv(sys.executable, script, str(RULES / f"{name}.json"), files(name))
    env = {**process.scrubbed(str(folder)), "SEMGREP_SEND_METRICS": "off"}
    out = subprocess.run(argv, env=env, capture_output=True, check=False).stdout
    return semgrep.parse(out, files(name), ids(name))


@pytest.mark.parametrize("name", SETS)
def test_both_front_ends_find_the_same_in_the_samples(name: str, tmp_path: Path) -> None:
    found = native(name, tmp_path)
    assert found.failed == {}
    assert found == default(name, tmp_path)
    assert {spot.rule for spots in found.spots.values() for spot in spots} == ids(name).keys()


def test_twenty_runs_give_one_digest_on_one_core_and_on_two(tmp_path: Path) -> None:
    digests = {
        hashlib.sha256(repr(native("ruby", tmp_path, jobs)).encode()).hexdigest() for jobs in [1] * 10 + [2] * 10
    }
    assert len(digests) == 1
