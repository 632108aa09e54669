"""Engines that are missing, hang, crash or lie: planted in an installation of their own, never a pass."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sayso.scanners import semgrep
from specimens import CODE_RULE, INSECURE, SAFE
from tools.repo import Repo

REAL = Path(sysconfig.get_path("purelib")) / "semgrep" / "bin" / "semgrep-core"
EDITING = """#!{python} -I
import json, subprocess, sys
done = subprocess.run([{real!r}, *sys.argv[1:]], capture_output=True, close_fds=False)
report = json.loads(done.stdout)
{edit}
json.dump(report, sys.stdout)
"""
FORWARDING = "import os, sys\nos.execv({python!r}, [{python!r}, '-I', {script!r}, *sys.argv[1:]])\n"
IMPATIENT = "from sayso.app import scanruns\nscanruns._BASE_SECONDS = 1.0\n"


class Installation:
    """A virtual environment with sayso, whose engines are what a test plants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = next((folder / "lib").iterdir()) / "site-packages"
        script = folder / "bin" / "sayso"
        script.write_text(f"#!{folder / 'bin' / 'python'} -I\nfrom sayso.cli import run\nrun()\n")
        self.variables: dict[str, Any] = {"PATH": os.pathsep.join([str(folder / "bin"), os.environ["PATH"]])}

    def native(self, script: str) -> None:
        """Plant the native engine, and say that it is the pinned version."""
        core = self.site / "semgrep" / "bin" / "semgrep-core"
        core.parent.mkdir(parents=True, exist_ok=True)
        core.write_text(script)
        core.chmod(0o755)
        (self.site / f"semgrep-{semgrep.VERSION}.dist-info").mkdir(exist_ok=True)

    def edited(self, edit: str) -> None:
        """Plant an engine that is the real one but for an edit of its report."""
        self.native(EDITING.format(python=sys.executable, real=str(REAL), edit=edit))

    def default(self) -> None:
        """Plant a default front end that is the real one."""
        script = str(Path(sys.executable).parent / "pysemgrep")
        planted = self.folder / "bin" / "pysemgrep"
        planted.write_text(FORWARDING.format(python=sys.executable, script=script))
        planted.chmod(0o755)

    def impatient(self) -> None:
        """Let scanners take one second."""
        script = self.folder / "bin" / "sayso"
        script.write_text(script.read_text().replace("from sayso.cli", f"{IMPATIENT}from sayso.cli"))


@pytest.fixture
def installation(bare_environment: Path, tmp_path: Path) -> Installation:
    folder = tmp_path / "installation"
    shutil.copytree(bare_environment, folder, symlinks=True)
    return Installation(folder)


SHELL: list[Any] = [
    pytest.param("#!/bin/sh\nexit 0\n", id="says-nothing"),
    pytest.param("#!/bin/sh\necho garbage\n", id="garbage"),
    pytest.param("#!/bin/sh\nkill -SEGV $$\n", id="crashes"),
    pytest.param("#!/bin/sh\nexec yes\n", id="never-stops-talking"),
    pytest.param(
        f'#!/bin/sh\necho \'{{"version":"{semgrep.VERSION}","results":[],"errors":[],"paths":{{"scanned":[]}}}}\'\n',
        id="examines-nothing",
    ),
]
EDITS: list[Any] = [
    pytest.param("report['paths']['scanned'] = report['paths']['scanned'][1:]", id="fewer-paths"),
    pytest.param("report['rules_by_engine'] = report['rules_by_engine'][1:]", id="fewer-rules"),
    pytest.param("report['version'] = '1.0.0'", id="other-version"),
    pytest.param("report['results'][0]['path'] = '/etc/passwd'", id="another-file"),
    pytest.param("report['results'][0]['check_id'] = 'planted'", id="another-rule"),
    pytest.param("del report['errors']", id="no-errors"),
]


@pytest.mark.parametrize("script", SHELL)
def test_an_engine_that_fails_is_never_a_pass(repo: Repo, installation: Installation, script: str) -> None:
    installation.native(script)
    repo.stage("a.py", INSECURE)
    code, said = repo.output("sayso", "code-scan", **installation.variables)
    assert (code, "nothing found" in said) == (3, False)
    assert "could not decide" in said


@pytest.mark.parametrize("edit", EDITS)
def test_a_report_that_is_not_whole_is_never_a_pass(repo: Repo, installation: Installation, edit: str) -> None:
    installation.edited(edit)
    repo.stage("a.py", INSECURE)
    repo.stage("b.py", INSECURE)
    code, said = repo.output("sayso", "code-scan", **installation.variables)
    assert code in {1, 3}, said
    assert "nothing found" not in said
    assert ("could not decide" in said) or ("not examined" in said)


def test_the_planted_engine_is_the_one_that_runs(repo: Repo, installation: Installation) -> None:
    installation.edited("pass")
    repo.stage("a.py", INSECURE)
    assert repo.sayso("code-scan", **installation.variables).returncode == 1


@pytest.mark.parametrize("script", [SHELL[1], SHELL[4]])
def test_the_default_front_end_is_asked_where_the_report_is_not_whole(
    repo: Repo, installation: Installation, script: str
) -> None:
    installation.native(script)
    installation.default()
    repo.stage("a.py", INSECURE)
    repo.stage("src/b.tsx", 'import * as https from "https";\nnew https.Agent({ rejectUnauthorized: false });\n')
    code, said = repo.output("sayso", "code-scan", **installation.variables)
    assert code == 1, said
    assert f"[{CODE_RULE}]" in said
    assert "src/b.tsx:2: error:" in said


def test_an_engine_that_hangs_is_ended(repo: Repo, installation: Installation, scratch: Path) -> None:
    installation.native(f"#!/bin/sh\necho $$ > {scratch}/pid\nexec sleep 600\n")
    installation.impatient()
    repo.stage("a.py", INSECURE)
    code, said = repo.output("sayso", "code-scan", **installation.variables)
    assert (code, "timed out" in said) == (3, True)
    assert not Path(f"/proc/{(scratch / 'pid').read_text().strip()}").exists()


def test_an_engine_of_another_version_is_not_trusted_to_have_nothing_to_do(
    repo: Repo, installation: Installation
) -> None:
    installation.edited("report['version'] = '1.0.0'")
    (installation.site / f"semgrep-{semgrep.VERSION}.dist-info").rmdir()
    repo.stage("a.py", SAFE)
    code, said = repo.output("sayso", "code-scan", **installation.variables)
    assert (code, "nothing found" in said) == (3, False)


def _started(repo: Repo, installation: Installation, scratch: Path) -> subprocess.Popen[bytes]:
    """Start a scan whose engine hangs; return once the engine has its files."""
    installation.native(f"#!/bin/sh\necho $$ > {scratch}/said\nmv {scratch}/said {scratch}/pid\nexec sleep 600\n")
    temporary = scratch / "tmp"
    temporary.mkdir()
    environment = {**repo.environment, **installation.variables, "TMPDIR": str(temporary)}
    running = subprocess.Popen(["sayso", "code-scan"], cwd=repo.path, env=environment, executable=None)
    _wait_for((scratch / "pid").exists)
    return running


def _wait_for(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_hook_that_is_killed_leaves_no_content_and_no_half_record(
    repo: Repo, installation: Installation, scratch: Path
) -> None:
    repo.stage("a.py", INSECURE)
    running = _started(repo, installation, scratch)
    running.kill()
    assert running.wait() == -signal.SIGKILL
    left = [path for path in (scratch / "tmp").rglob("*") if path.is_file() and not path.is_symlink()]
    assert [path.name for path in left if INSECURE.encode() in path.read_bytes()] == []
    assert [path for path in (repo.path / ".git" / "sayso").rglob("*") if path.is_file()] == []
    assert repo.output("sayso", "code-scan")[0] == 1
    os.kill(int((scratch / "pid").read_text()), signal.SIGKILL)


def test_a_hook_that_is_interrupted_takes_its_engine_and_its_files_along(
    repo: Repo, installation: Installation, scratch: Path
) -> None:
    repo.stage("a.py", INSECURE)
    running = _started(repo, installation, scratch)
    running.send_signal(signal.SIGINT)
    assert running.wait() == 130
    assert list((scratch / "tmp").iterdir()) == []


def test_a_disk_without_room_is_undecided(repo: Repo) -> None:
    repo.stage("a.py", SAFE)
    code, said = repo.output("bash", "-c", "ulimit -f 0; exec sayso code-scan")
    assert (code, "could not decide" in said) == (3, True)
    assert [path for path in (repo.path / ".git" / "sayso").rglob("*") if path.is_file()] == []


def test_a_git_directory_that_cannot_be_written_is_undecided(repo: Repo) -> None:
    repo.stage("a.py", SAFE)
    repo.write(".git/sayso", "in the way\n")
    code, said = repo.output("sayso", "code-scan")
    assert (code, "cannot keep evidence" in said or "cannot read evidence" in said) == (3, True)


def test_two_hooks_at_once_say_the_same(repo: Repo) -> None:
    for number in range(6):
        repo.stage(f"{number}.py", INSECURE + f"x = {number}\n")
    environment = dict(repo.environment)
    running = [
        subprocess.Popen(["sayso", "code-scan", "--format", "json"], cwd=repo.path, env=environment, stdout=-1)
        for _ in range(4)
    ]
    said = {process.communicate()[0] for process in running}
    assert {process.returncode for process in running} == {1}
    assert len(said) == 1
    assert [path.name for path in (repo.path / ".git" / "sayso").rglob("*.tmp")] == []


def test_one_start_of_the_engine_does_for_a_commit(repo: Repo, installation: Installation, scratch: Path) -> None:
    installation.native(f'#!/bin/sh\necho start >> {scratch}/starts\nexec {REAL} "$@"\n')
    repo.stage("a.py", INSECURE)
    repo.stage("b.py", "import json\n")
    repo.commit("Start")
    repo.stage("a.py", INSECURE + "x = 1\n")
    repo.stage("b.py", INSECURE)
    repo.stage("c.py", SAFE)
    code, said = repo.output("sayso", "code-scan", **installation.variables)
    assert (code, said.count("error:"), said.count("was there before this change")) == (1, 1, 1)
    assert (scratch / "starts").read_text() == "start\n"


def test_no_start_of_the_engine_where_no_rule_can_match(repo: Repo, installation: Installation, scratch: Path) -> None:
    installation.native(f'#!/bin/sh\necho start >> {scratch}/starts\nexec {REAL} "$@"\n')
    repo.stage("a.py", SAFE)
    repo.stage("b.js", "export const x = [1, 2];\n")
    repo.stage("c.sh", "echo hello\n")
    code, said = repo.output("sayso", "code-scan", **installation.variables)
    assert (code, "nothing found (3 examined" in said) == (0, True)
    assert not (scratch / "starts").exists()
