"""Ways to hide a change from the gate: in its own configuration, in paths, links, submodules and sheer number."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import specimens
from specimens import BY_TOOL, CODE_RULE, INSECURE
from tools.plays import WORKFLOW, Branch, configuration
from tools.repo import Repo

pytestmark = pytest.mark.e2e

CONFIG = ".pre-commit-config.yaml"
JOB = ".github/workflows/gate.yml"
EDITED = specimens.LOGIN.replace("None", "False")
LOGIN_RULE = "sensitive-authentication"
LOGIN_OWES = {"owed-tests-unit", "owed-tests-e2e"}
SILENT = INSECURE.replace("verify=False)", "verify=False)  # nosemgrep")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        pytest.param("repos: []\n", {"gate-hook-dropped", "gate-hook-missing"}, id="hooks-dropped"),
        pytest.param(
            configuration("sayso", "sayso-message", rev="v0.1.0"), {"gate-rev-lowered", "gate-hook-missing"}, id="rev"
        ),
        pytest.param(
            configuration("sayso", "sayso-message", top="exclude: .*\n"),
            {"gate-files-narrowed", "gate-hook-missing"},
            id="everything-excluded",
        ),
        pytest.param(
            configuration("sayso", "sayso-message", extra="        stages: [manual]\n"),
            {"gate-stages-moved", "gate-hook-missing"},
            id="manual-stage",
        ),
    ],
)
def test_a_configuration_without_the_hooks_refuses(branch: Branch, text: str, rules: set[str]) -> None:
    branch.stage(CONFIG, text)
    branch.commit("Tidy up the hooks")
    said = branch.verdict()
    assert said.code == 1
    assert rules | {"sensitive-gate"} <= said.rules(CONFIG)
    assert "gate-hook-missing" in said.refusing(CONFIG)


def test_a_job_that_starts_for_some_paths_only_is_told(branch: Branch) -> None:
    branch.stage(JOB, WORKFLOW.replace("pull_request:", "pull_request:\n    paths: [docs/**]"))
    branch.commit("Spare the runners")
    said = branch.verdict()
    assert {"gate-workflow-narrowed", "sensitive-ci-cd"} <= said.rules(JOB)


def test_a_job_with_secrets_on_a_strangers_head_refuses(branch: Branch) -> None:
    checkout = (
        "- uses: actions/checkout@v4\n        with: {ref: '${{ github.event.pull_request.head.sha }}'}\n      - run"
    )
    branch.stage(JOB, WORKFLOW.replace("pull_request:", "pull_request_target:").replace("- run", checkout, 1))
    branch.commit("Run it with the rights of the base")
    said = branch.verdict()
    assert said.code == 1
    assert "gate-workflow-head" in said.refusing(JOB)


def test_what_the_head_brings_of_ours_is_not_run(branch: Branch, tmp_path: Path) -> None:
    trap = "import os\nopen(os.environ['TRAP'], 'w').write(__name__)\nraise SystemExit(0)\n"
    names = ("sitecustomize", "usercustomize", "sayso/__init__", "sayso/cli", "tomli", "json", "re", "argparse")
    for name in names:
        branch.stage(f"{name}.py", trap)
    for name in ("gate", "commit_gate", "claims", "sensitive_areas", "duties"):
        branch.stage(f"rules/{name}.toml", "schema = 1\n")
    for name in ("git", "semgrep", "semgrep-core", "ssh-keygen"):
        branch.write(name, "#!/bin/sh\ntouch $TRAP\n").chmod(0o755)
        branch.git("add", name)
    branch.stage("src/fetch.py", INSECURE)
    branch.commit("Bring a judge of its own")
    trapped = tmp_path / "trapped"
    search = os.pathsep.join([os.environ["PATH"], "", "."])
    said = branch.verdict(TRAP=str(trapped), PATH=search)
    assert said.code == 1
    assert CODE_RULE in said.refusing("src/fetch.py")
    as_in_ci = (sys.executable, "-I", str(Path(sys.executable).parent / "sayso"), "verify", f"{branch.base}..HEAD")
    done = branch.run(*as_in_ci, check=False, TRAP=str(trapped), PATH=search, PYTHONPATH=str(branch.path))
    assert done.returncode == 1, done.stderr
    assert f"src/fetch.py:5: error: [{CODE_RULE}]" in done.stdout.decode()
    assert not trapped.exists()


def test_a_bare_comment_silences_nothing_and_one_by_a_tool_is_told(branch: Branch) -> None:
    branch.stage("src/fetch.py", SILENT)
    branch.commit("Add a loader" + BY_TOOL)
    said = branch.verdict()
    assert said.code == 1
    assert CODE_RULE in said.refusing("src/fetch.py")
    assert {"suppression-by-ai", "suppression-blanket"} <= said.rules("src/fetch.py")
    assert "owed-human-review" in said.refusing()


def test_files_that_tell_scanners_to_look_away_are_told_and_not_obeyed(branch: Branch) -> None:
    branch.stage(".gitattributes", "src/** linguist-generated binary -diff\n")
    branch.stage(".semgrepignore", "*\n")
    branch.stage(".gitleaksignore", "0123abc:src/fetch.py:generic-api-key:1\n")
    branch.stage(".ruff.toml", '[lint.per-file-ignores]\n"*" = ["S"]\n')
    branch.stage(".gitleaks.toml", '[allowlist]\nregexTarget = "line"\nregexes = [".*"]\n')
    branch.stage("src/fetch.py", INSECURE)
    branch.commit("Tune the scanners")
    said = branch.verdict()
    assert said.code == 1
    assert CODE_RULE in said.refusing("src/fetch.py")
    for path in (".gitattributes", ".gitleaksignore", ".ruff.toml"):
        assert {"scanner-config-widened", "sensitive-gate"} <= said.rules(path)
    assert "allowlist-matches-everything" in said.refusing(".semgrepignore") & said.refusing(".gitleaks.toml")
    assert "allowlist-by-line" in said.rules(".gitleaks.toml")


def test_a_new_name_sheds_no_duty(branch: Branch) -> None:
    branch.git("mv", "src/auth/login.py", "src/page.py")
    branch.stage("src/page.py", specimens.LOGIN + "\n\nPAGES = 3\n")
    branch.commit("Move a page")
    said = branch.verdict()
    assert said.code == 1
    assert LOGIN_RULE in said.rules("src/auth/login.py")
    assert said.refusing() >= LOGIN_OWES


def test_small_steps_are_judged_together(branch: Branch) -> None:
    branch.stage("src/page.py", specimens.LOGIN)
    branch.commit("Copy a page")
    branch.stage("src/page.py", EDITED)
    branch.commit("Edit it")
    branch.git("rm", "-q", "src/auth/login.py")
    branch.commit("Remove what nobody uses")
    said = branch.verdict()
    assert said.code == 1
    assert LOGIN_RULE in said.rules("src/page.py") & said.rules("src/auth/login.py")
    assert said.refusing() >= LOGIN_OWES


ODD = ("auth/a\nb.py", "auth/t\tab.py", 'auth/q"uote.py', "-auth.py", ":(top)auth.py", ":!auth.py", "auth/ü\u200b.py")
ALIKE = ("Auth/page.py", "src/AUTH.py", "\uff41\uff55\uff54\uff48/page.py", "src/\u0430uth/page.py")


def test_no_name_hides_a_file(branch: Branch) -> None:
    for name in (*ODD, *ALIKE):
        branch.write(name, INSECURE)
        branch.run("git", "--literal-pathspecs", "add", "--", name)
    branch.commit("Add pages")
    said = branch.verdict()
    assert said.code == 1
    for name in (*ODD, *ALIKE):
        assert CODE_RULE in said.refusing(name), name
        assert LOGIN_RULE in said.rules(name), name
    assert "hidden-path-character" in said.rules(ODD[0])
    assert "sensitive-disguise" in said.rules(ODD[3]) & said.rules(ODD[4]) & said.rules(ALIKE[2]) & said.rules(ALIKE[3])


def test_a_link_in_place_of_a_file(branch: Branch) -> None:
    (branch.path / "src/auth/login.py").unlink()
    os.symlink("../../README.md", branch.path / "src/auth/login.py")
    branch.git("add", "--all")
    branch.commit("Say it once")
    said = branch.verdict()
    assert said.code == 1
    assert {LOGIN_RULE, "sensitive-disguise"} <= said.rules("src/auth/login.py")
    assert said.refusing() >= LOGIN_OWES
    assert {item["reason"] for item in said.skipped} == {"a symbolic link, which is not followed"}


def test_a_link_in_place_of_the_policy_is_not_followed(branch: Branch) -> None:
    (branch.path / "sayso.toml").unlink()
    os.symlink("README.md", branch.path / "sayso.toml")
    branch.git("add", "--all")
    branch.commit("Link the policy")
    assert branch.verdict().code in {1, 2}
    branch.land()
    branch.stage("README.md", "More.\n")
    branch.commit("More")
    said = branch.verdict()
    assert said.code == 2
    assert "symbolic link" in said.said


def test_a_submodule_that_moves_is_a_dependency_that_changes(branch: Branch, tmp_path: Path) -> None:
    library = Repo(tmp_path / "library", branch.environment)
    library.path.mkdir()
    library.git("init", "--quiet")
    commits = [library.commit(f"Version {number}") for number in (1, 2)]
    branch.git("update-index", "--add", "--cacheinfo", f"160000,{commits[0]},vendor/library")
    branch.commit("Add a library")
    branch.land()
    branch.git("update-index", "--cacheinfo", f"160000,{commits[1]},vendor/library")
    branch.commit("Newer library" + BY_TOOL)
    said = branch.verdict()
    assert "sensitive-dependencies" in said.rules("vendor/library")
    assert said.code == 1
    assert "owed-human-review" in said.refusing()


def test_what_a_filter_keeps_elsewhere_is_not_examined_and_supports_nothing(branch: Branch) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"
    branch.stage("src/add.py", pointer)
    branch.commit("Keep it in the store. This is secure.")
    said = branch.verdict()
    assert said.code == 1
    assert "claim-secure" in said.refusing()
    assert ("src/add.py", True) in {(item["path"], "LFS pointer" in item["reason"]) for item in said.skipped}


def test_a_flood_is_judged_whole(branch: Branch) -> None:
    texts = (b"value = 1\n", INSECURE.encode())
    plain, bad = (
        branch.run("git", "hash-object", "-w", "--stdin", stdin=text).stdout.decode().strip() for text in texts
    )
    names = [f"src/generated/{number % 100}/{'long_' * 35}{number}.py" for number in range(700)]
    assert len("".join(names)) > 1 << 17  # more than the names that a runner passes at once
    lines = "".join(f"100644 {plain}\t{name}\n" for name in names) + f"100644 {bad}\t{names[543]}\n"
    branch.run("git", "update-index", "--index-info", stdin=lines.encode())
    branch.commit("Add generated files")
    said = branch.verdict()
    assert said.code == 1
    assert CODE_RULE in said.refusing(names[543])
    assert {"change-too-many-files", "owed-code-scan"} <= said.rules()
