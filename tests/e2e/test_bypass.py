"""Ways round the hooks of one machine, played for real: what CI says of the range that they leave.

``tests/bypass.toml`` lists all ways round that are known, and which test plays each.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import specimens
from specimens import AWS_RULE, BY_TOOL, CODE_RULE, INSECURE
from tools.plays import POLICY, Branch, configuration

pytestmark = pytest.mark.e2e

ABSOLUTE = "This code is 100% secure."
NO_HOOKS = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.hooksPath", "GIT_CONFIG_VALUE_0": "/dev/null"}
SKIPS = {"SKIP": "sayso,verify-range,code-scan", "PREK_SKIP": "sayso", "LEFTHOOK": "0", "HUSKY": "0"}


def insecure(branch: Branch) -> None:
    branch.stage("src/fetch.py", INSECURE)


def test_the_hooks_stand(branch: Branch) -> None:
    insecure(branch)
    landed, out = branch.try_commit("Add a loader")
    assert not landed
    assert CODE_RULE in out


def no_verify(branch: Branch) -> None:
    insecure(branch)
    branch.git("commit", "-n", "-m", "Add a loader")


def another_path_of_hooks(branch: Branch) -> None:
    insecure(branch)
    branch.git("-c", "core.hooksPath=/dev/null", "commit", "-m", "Add a loader")


def hooks_path_by_environment(branch: Branch) -> None:
    insecure(branch)
    branch.git("commit", "-m", "Add a loader", **NO_HOOKS)


def plumbing(branch: Branch) -> None:
    insecure(branch)
    commit = branch.git("commit-tree", branch.git("write-tree"), "-p", "HEAD", "-m", "Add a loader")
    branch.git("update-ref", "refs/heads/trunk", commit)


def fast_import(branch: Branch) -> None:
    who = "Dev Eloper <dev@example.org> 1700000000 +0000"
    head = f"commit refs/heads/trunk\nauthor {who}\ncommitter {who}\ndata 12\nAdd a loader\nfrom {branch.head()}\n"
    stream = f"{head}M 100644 inline src/fetch.py\ndata {len(INSECURE)}\n{INSECURE}\n"
    branch.run("git", "fast-import", "--quiet", "--force", stdin=stream.encode())


def elsewhere(branch: Branch) -> None:
    """Commit on another branch, without hooks; then to where it was."""
    branch.git("checkout", "-q", "-b", "side")
    insecure(branch)
    branch.commit("Add a loader")
    branch.git("checkout", "-q", "trunk")


def cherry_pick(branch: Branch) -> None:
    elsewhere(branch)
    branch.git("cherry-pick", "side")


def rebase(branch: Branch) -> None:
    elsewhere(branch)
    branch.stage("README.md", "Other words.\n")
    branch.commit("Word it better")
    branch.git("rebase", "-q", "trunk", "side")


def mail(branch: Branch) -> None:
    elsewhere(branch)
    plain = ("-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false")
    patch = branch.run("git", *plain, "format-patch", "--stdout", "trunk..side").stdout
    branch.run("git", *plain, "am", "-q", stdin=patch)


def revert(branch: Branch) -> None:
    insecure(branch)
    branch.commit("Add a loader")
    branch.git("rm", "-q", "src/fetch.py")
    branch.commit("Remove it")
    branch.land()
    branch.git("revert", "--no-edit", "HEAD")


WITHOUT_HOOKS = (
    *(no_verify, another_path_of_hooks, hooks_path_by_environment, plumbing, fast_import),
    *(cherry_pick, rebase, mail, revert),
)


@pytest.mark.parametrize("way", WITHOUT_HOOKS, ids=lambda way: way.__name__)
def test_a_commit_that_no_hook_saw_is_judged(branch: Branch, way: Callable[[Branch], None]) -> None:
    way(branch)
    assert branch.head() != branch.base
    said = branch.verdict()
    assert said.code == 1
    assert {CODE_RULE, "owed-code-scan"} <= said.refusing()
    assert CODE_RULE in said.refusing("src/fetch.py", branch.head())


def test_what_skips_hooks_skips_nothing_of_the_verdict(branch: Branch) -> None:
    no_verify(branch)
    plain = branch.verdict()
    assert branch.verdict(**SKIPS, **NO_HOOKS) == plain
    assert plain.code == 1


def test_a_required_hook_that_the_end_does_not_run_refuses(branch: Branch) -> None:
    branch.stage(".pre-commit-config.yaml", configuration("sayso-message"))
    branch.commit("Tidy up the hooks")
    said = branch.verdict()
    assert said.code == 1
    assert "gate-hook-missing" in said.refusing(".pre-commit-config.yaml")
    assert "gate-hook-dropped" in said.rules(".pre-commit-config.yaml")


def test_the_words_of_a_squash_are_judged(branch: Branch, tmp_path: Path) -> None:
    branch.stage("src/more.py", specimens.SAFE)
    branch.commit("Add more")
    squash = tmp_path / "title-and-body"
    squash.write_text("Add more (#1)\n\n* Add more\n")
    assert branch.verdict("--message-file", str(squash)).code == 0
    squash.write_text(f"Add more (#1)\n\n* Add more\n\n{ABSOLUTE}\n")
    said = branch.verdict("--message-file", str(squash))
    assert (said.code, said.refusing()) == (1, {"claim-absolute"})


def test_the_words_that_a_rebase_has_squashed_are_judged(branch: Branch) -> None:
    for number, words in enumerate(("Add more", ABSOLUTE)):
        branch.stage("src/more.py", specimens.SAFE + f"\n\nNUMBER = {number}\n")
        branch.git("commit", "-n", "-q", "-m", words)
    branch.git("rebase", "-q", "-i", "HEAD~2", GIT_SEQUENCE_EDITOR="sed -i -e '2s/^pick/squash/'")
    assert branch.git("rev-list", "--count", f"{branch.base}..HEAD") == "1"
    assert branch.verdict().refusing("", branch.head()) == {"claim-absolute"}


def test_what_came_and_went_within_the_range_is_found_where_it_was(branch: Branch) -> None:
    secret, claim = f'KEY = "{specimens.aws_key()}"\n', f"# More\n\n{ABSOLUTE}\n"
    branch.stage("src/settings.py", secret)
    branch.stage("docs/more.md", claim)
    added = branch.commit("Add settings")
    branch.git("rm", "-q", "src/settings.py", "docs/more.md")
    removed = branch.commit("Remove them")
    assert branch.git("diff", "--no-ext-diff", branch.base, "HEAD") == ""
    said = branch.verdict()
    assert said.code == 1
    assert said.refusing(commit=added) == {AWS_RULE, "claim-absolute"}
    assert said.refusing(commit=removed) == set()
    assert specimens.aws_key() not in str(said)


OWN_TERMS = '[gate]\nenforce = "none"\n' + specimens.relaxed("gate.enforce", "authentication-tests")


@pytest.mark.parametrize(
    ("terms", "rule", "refuses"),
    [
        pytest.param(OWN_TERMS, "policy-relaxed", False, id="relaxed-with-a-reason"),
        pytest.param('[gate]\nrequired-hooks = []\nminimum-rev = "v0.1.0"\n', "policy-loosened", True, id="loosened"),
        pytest.param(
            f'{POLICY}[[person]]\nname = "Dev Eloper"\nemails = ["dev@example.org"]\n',
            "policy-person-added",
            False,
            id="reviewer-named",
        ),
    ],
)
def test_a_policy_that_comes_with_the_change_does_not_judge_it(
    branch: Branch, terms: str, rule: str, refuses: bool
) -> None:
    branch.stage("sayso.toml", terms)
    branch.stage("src/auth/login.py", specimens.LOGIN.replace("None", "False"))
    branch.commit("Answer with False\n\nReviewed-by: Dev Eloper <dev@example.org>" + BY_TOOL.lstrip("\n"))
    said = branch.verdict()
    assert said.code == 1
    assert {"owed-tests-unit", "owed-tests-e2e", "owed-human-review"} <= said.refusing()
    assert {rule, "sensitive-gate"} <= said.rules("sayso.toml")
    assert (rule in said.refusing("sayso.toml")) == refuses


def test_a_change_cannot_bring_its_own_baseline(branch: Branch) -> None:
    insecure(branch)
    branch.run("sayso", "baseline", "--reason", "it was always there")
    branch.git("add", "sayso.baseline")
    branch.commit("Add a loader, with its debt")
    said = branch.verdict()
    assert said.code == 1
    assert CODE_RULE in said.refusing("src/fetch.py")
    assert "scanner-config-widened" in said.rules("sayso.baseline")
