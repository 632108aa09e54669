"""``sayso doctor`` on real repositories that are set up well, and badly."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sayso.adapters.resources import read_table
from sayso.checks import gate_config
from tools.repo import Repo

CONFIG = """\
default_install_hook_types: [pre-commit, commit-msg]
repos:
  - repo: https://example.org/sayso
    rev: v0.1.0
    hooks:
      - id: sayso
      - id: sayso-message
"""


@pytest.fixture
def healthy(repo: Repo) -> Repo:
    """A repository with everything in its place: hooks by the real pre-commit, owners, and a commit."""
    repo.stage(".pre-commit-config.yaml", CONFIG)
    repo.stage(".github/CODEOWNERS", "* @example/all\n")
    repo.stage("src/auth/login.py", "x = 1\n")
    repo.commit("Start")
    repo.run("pre-commit", "install")
    return repo


def examined(repo: Repo, **environment: Any) -> tuple[int, dict[str, str]]:
    """Run the doctor; return its exit code, and the rules that it names with their messages."""
    environment.setdefault("GIT_CONFIG_GLOBAL", "/dev/null")
    done = repo.sayso("doctor", "--format", "json", **environment)
    assert not done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    found = {item["rule"]: item["message"] for item in document["findings"]}
    assert all(item["fix"] for item in document["findings"])
    return done.returncode, found


def test_a_healthy_repository(healthy: Repo) -> None:
    done = healthy.sayso("doctor")
    out = done.stdout.decode()
    assert done.returncode == 0
    assert "ok    installed in " in out
    assert "ERROR" not in out
    assert out.endswith("nothing goes round the gate, 0 to look at: sayso explain RULE says more\n")
    code, found = examined(healthy)
    assert code == 0
    assert list(found) == ["doctor-git-environment"]  # it is set above, so that the test's own home does not count


def test_it_says_what_to_do(healthy: Repo) -> None:
    healthy.git("config", "core.hooksPath", "/dev/null")
    done = healthy.sayso("doctor")
    assert done.returncode == 1
    out = done.stdout.decode()
    assert "ERROR [doctor-hooks-path] core.hooksPath is '/dev/null' (local configuration, .git/config)" in out
    command = out.split("ERROR", 1)[1].split("do: ", 1)[1].splitlines()[0]
    healthy.run("sh", "-c", command)
    assert healthy.sayso("doctor").returncode == 0


@pytest.mark.parametrize(
    ("commands", "environment", "rule"),
    [
        pytest.param(["git config core.hooksPath /tmp"], {}, "doctor-hooks-path", id="hooks-path"),
        pytest.param(
            [],
            {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.hooksPath", "GIT_CONFIG_VALUE_0": "/dev/null"},
            "doctor-hooks-path",
            id="hooks-path-in-the-environment",
        ),
        pytest.param(["git config hook.gate.enabled false"], {}, "doctor-hook-disabled", id="disabled"),
        pytest.param(["git config alias.wip 'commit -n'"], {}, "doctor-alias", id="alias"),
        pytest.param([], {"SKIP": "sayso"}, "doctor-skip-set", id="skip"),
        pytest.param(["rm .git/hooks/commit-msg"], {}, "doctor-hook-missing", id="commit-msg-missing"),
        pytest.param(["chmod -x .git/hooks/pre-commit"], {}, "doctor-hook-not-executable", id="not-executable"),
        pytest.param(["echo exit 0 > .git/hooks/pre-commit"], {}, "doctor-hook-foreign", id="foreign"),
        pytest.param(["ln -sf /bin/true .git/hooks/pre-commit"], {}, "doctor-hook-foreign", id="link"),
        pytest.param(["rm .pre-commit-config.yaml"], {}, "doctor-config-missing", id="no-configuration"),
        pytest.param(["echo '[' > .pre-commit-config.yaml"], {}, "doctor-config-unreadable", id="unreadable"),
        pytest.param(
            ["rm .pre-commit-config.yaml", "ln -s /etc/passwd .pre-commit-config.yaml"],
            {},
            "doctor-config-unreadable",
            id="configuration-is-a-link",
        ),
        pytest.param(["sed -i s/sayso$/x/ .pre-commit-config.yaml"], {}, "doctor-config-short", id="no-scan"),
        pytest.param(["echo x > sayso.toml", "git add sayso.toml"], {}, "doctor-policy", id="policy"),
        pytest.param(["rm -rf .git/sayso", "touch .git/sayso"], {}, "doctor-ledger", id="ledger"),
    ],
)
def test_what_goes_round_the_gate(healthy: Repo, commands: list[str], environment: dict[str, str], rule: str) -> None:
    for command in commands:
        healthy.run("sh", "-c", command)
    code, found = examined(healthy, **environment)
    assert rule in found
    assert code == 1


@pytest.mark.parametrize(
    ("commands", "rule"),
    [
        pytest.param(["sed -i 's/rev: .*/rev: main/' .pre-commit-config.yaml"], "doctor-rev-mutable", id="branch"),
        pytest.param(["git rm -q .github/CODEOWNERS"], "doctor-owners-missing", id="no-owners"),
        pytest.param(
            ["echo '*.md @example/all' > .github/CODEOWNERS", "git add ."], "doctor-path-unowned", id="unowned"
        ),
        pytest.param(["echo '[x] y z' >> .github/CODEOWNERS", "git add ."], "doctor-owners-faulty", id="faulty-owners"),
        pytest.param(["git config diff.external /bin/true"], "doctor-git-program", id="program"),
    ],
)
def test_what_should_be_looked_at(healthy: Repo, commands: list[str], rule: str) -> None:
    for command in commands:
        healthy.run("sh", "-c", command)
    code, found = examined(healthy)
    assert rule in found
    assert code == 0


PERSON = "[[person]]\nname = 'Rita Viewer'\nemails = ['rita@example.org']\n"
RELAX = "[[relax]]\nrule = 'review.signed'\nreason = 'x'\nowner = 'y'\nexpires = 2999-01-01\n"
NONE = f"{PERSON}{RELAX}[review]\nsigned = 'none'\n"


@pytest.mark.parametrize(
    ("files", "is_named"),
    [
        pytest.param({}, False, id="nobody-signs"),
        pytest.param({".sayso/allowed_signers": "# none yet\n"}, True, id="signers"),
        pytest.param({"sayso.toml": PERSON}, True, id="people"),
        pytest.param({"sayso.toml": NONE, ".sayso/allowed_signers": "# none yet\n"}, False, id="no-signature-counts"),
    ],
)
def test_a_missing_ssh_keygen_is_named_where_reviews_are_signed(
    healthy: Repo, tmp_path: Path, files: dict[str, str], *, is_named: bool
) -> None:
    """A folder with what the doctor runs and nothing else stands for an image without OpenSSH."""
    for name, content in files.items():
        healthy.stage(name, content)
    bare = tmp_path / "bin"
    bare.mkdir()
    for program in ("git", "sayso"):
        found = shutil.which(program, path=healthy.environment["PATH"])
        assert found
        (bare / program).symlink_to(found)
    code, rules = examined(healthy, PATH=str(bare))
    assert ("doctor-signing-missing" in rules) == is_named
    usual, others = examined(healthy)
    assert (code, rules.keys() - {"doctor-signing-missing"}) == (usual, set(others))


def test_paths_without_an_owner_are_named(healthy: Repo) -> None:
    healthy.stage(".github/CODEOWNERS", "/.github/ @example/all\n")
    assert b"authentication: nobody owns src/auth/login.py" in healthy.sayso("doctor").stdout


def test_a_commit_that_was_noted_is_named_until_a_remote_has_it(healthy: Repo, tmp_path: Path) -> None:
    healthy.write("a.py", "x = 1\n")
    healthy.git("add", ".")
    commit = healthy.commit()
    healthy.sayso("receipt")
    code, found = examined(healthy)
    assert code == 1
    assert commit[:12] in found["doctor-unverified"]
    healthy.git("init", "-q", "--bare", str(tmp_path / "remote"))
    healthy.git("remote", "add", "origin", str(tmp_path / "remote"))
    healthy.git("push", "-q", "--no-verify", "origin", "HEAD")
    healthy.git("fetch", "-q")
    assert "doctor-unverified" not in examined(healthy)[1]


def test_a_commit_that_is_gone_is_forgotten(healthy: Repo) -> None:
    healthy.stage("a.py", "x = 1\n")
    healthy.commit()
    healthy.sayso("receipt")
    healthy.git("reset", "-q", "--hard", "HEAD~1")
    assert "doctor-unverified" not in examined(healthy)[1]


def test_a_shallow_clone(healthy: Repo, tmp_path: Path) -> None:
    healthy.commit("Another")
    healthy.git("clone", "-q", "--depth", "1", f"file://{healthy.path}", str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone", healthy.environment)
    code, found = examined(clone)
    assert code == 1
    assert {"doctor-history-cut", "doctor-hook-missing"} <= set(found)


def test_a_linked_worktree_has_the_hooks_of_its_repository(healthy: Repo) -> None:
    healthy.git("worktree", "add", "-q", "../other")
    other = Repo(healthy.path.parent / "other", healthy.environment)
    assert other.sayso("doctor").returncode == 0


def test_before_the_first_commit(repo: Repo) -> None:
    code, found = examined(repo)
    assert code == 1
    assert "doctor-config-missing" in found


def test_it_runs_nothing_of_the_repository(healthy: Repo, tmp_path: Path) -> None:
    trap = healthy.write("trap.sh", f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external", "core.pager", "alias.version", "core.sshCommand"):
        healthy.git("config", name, str(trap))
    healthy.write(".git/hooks/post-index-change", trap.read_text()).chmod(0o755)
    healthy.write("git", trap.read_text()).chmod(0o755)
    (tmp_path / "sprung").unlink(missing_ok=True)
    assert "doctor-git-program" in examined(healthy)[1]
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("arguments", [("--bare",), ()], ids=["bare", "none"])
def test_where_it_cannot_look(repo: Repo, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    place = tmp_path / "place"
    place.mkdir()
    if arguments:
        repo.git("init", "-q", *arguments, str(place))
    done = Repo(place, repo.environment).sayso("doctor")
    assert done.returncode == 3
    assert b"could not decide" in done.stderr


def test_escape_codes_in_settings_are_shown_harmless(healthy: Repo) -> None:
    healthy.git("config", "core.hooksPath", "\x1b]0;x\x07")
    assert b"\x1b" not in healthy.sayso("doctor").stdout


def test_every_rule_of_the_doctor_is_used() -> None:
    rules = {rule.id for rule in gate_config.read_rules(read_table("gate.toml")).others}
    sources = Path(gate_config.__file__).parent.parent
    text = "".join((sources / name).read_text() for name in ("diagnosis.py", "app/diagnoses.py", "app/receipts.py"))
    text += (sources / "app/hooks/receipt.py").read_text()
    assert [rule for rule in sorted(rules) if f'"{rule}"' not in text] == []
