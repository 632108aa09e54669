"""What a machine may have, and what of it goes round the gate."""

from __future__ import annotations

from typing import Any

import pytest

from sayso import diagnosis
from sayso.diagnosis import Installation, Script, Setting
from sayso.hookconfig import HookConfig, HookUse

GOOD = Installation(
    (2, 45, 1),
    (Setting("local", ".git/config", "core.bare", "false"),),
    {},
    "/r/.git/hooks",
    {"pre-commit": Script("exec prek hook-impl\n", runs=True), "commit-msg": Script("exec pre-commit\n", runs=True)},
)
BOTH = HookConfig((HookUse("sayso", "x", "v1.2.3"), HookUse("sayso-message", "x", "v1.2.3")))


def setting(name: str, value: str, scope: str = "local") -> Setting:
    return Setting(scope, ".git/config", name, value)


def rules(problems: Any) -> list[str]:
    return [problem.rule.removeprefix("doctor-") for problem in problems]


@pytest.mark.parametrize(
    ("items", "scripts", "expected"),
    [
        pytest.param([setting("core.hookspath", "/dev/null")], {}, ["hooks-path"], id="hooks-path"),
        pytest.param([setting("core.hookspath", "x")], GOOD.scripts, ["hooks-elsewhere"], id="hooks-elsewhere"),
        pytest.param([setting("hook.gate.enabled", "false")], {}, ["hook-disabled"], id="disabled"),
        pytest.param([setting("hook.gate.enabled", "true")], {}, [], id="enabled"),
        pytest.param([setting("hook.a.b.command", "x")], {}, ["hook-configured"], id="configured"),
        pytest.param([setting("hook.a.event", "pre-commit")], {}, [], id="event"),
        pytest.param([setting("alias.ci", "commit -n")], {}, ["alias"], id="alias"),
        pytest.param([setting("alias.ci", "commit -anm wip")], {}, ["alias"], id="alias-cluster"),
        pytest.param([setting("alias.ci", '!git commit --no-verify "$@"')], {}, ["alias"], id="alias-shell"),
        pytest.param([setting("alias.ci", "-c core.hooksPath=/dev/null commit")], {}, ["alias"], id="alias-setting"),
        pytest.param([setting("alias.ci", "commit -m none")], {}, [], id="alias-plain"),
        pytest.param([setting("alias.x", "")], {}, [], id="alias-empty"),
        pytest.param([setting("core.fsmonitor", "true")], {}, [], id="fsmonitor-built-in"),
        pytest.param([setting("core.fsmonitor", ".git/watch")], {}, ["git-program"], id="fsmonitor-program"),
        pytest.param([setting("diff.external", "/bin/x")], {}, ["git-program"], id="external-diff"),
    ],
)
def test_settings(items: list[Setting], scripts: dict[str, Script], expected: list[str]) -> None:
    machine = GOOD._replace(settings=(*GOOD.settings, *items), scripts=scripts)
    assert rules(diagnosis.settings(machine)) == expected


def test_how_a_setting_is_undone() -> None:
    machine = GOOD._replace(settings=(setting("core.hookspath", "x"), setting("core.hookspath", "y", "command")))
    files, command = diagnosis.settings(machine)
    assert files.do == "git config --local --unset-all core.hookspath"
    assert "GIT_CONFIG_COUNT" in command.do


def test_an_old_git_does_not_read_hooks_from_its_settings() -> None:
    machine = GOOD._replace(settings=(setting("hook.x.enabled", "false"),))
    assert "git 2.45.1 does not read it, 2.54 does" in next(diagnosis.settings(machine)).message
    assert "does not read" not in next(diagnosis.settings(machine._replace(git=(2, 54, 0)))).message


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param({"PATH": "/bin", "GIT_EDITOR": "vi"}, [], id="plain"),
        pytest.param({"SKIP": "x, secret-scan"}, ["skip-set"], id="skip"),
        pytest.param({"PREK_SKIP": "sayso"}, ["skip-set"], id="prek-skip"),
        pytest.param({"SKIP": "all"}, ["skip-set"], id="skip-all"),
        pytest.param({"SKIP": "pylint"}, ["skip-other"], id="skip-others"),
        pytest.param({"SKIP": " "}, [], id="skip-nothing"),
        pytest.param({"HUSKY": "0", "LEFTHOOK": "false"}, ["skip-set", "skip-set"], id="husky-and-lefthook"),
        pytest.param({"HUSKY": "1"}, [], id="husky-on"),
        pytest.param({"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_GLOBAL": "/x"}, ["git-environment"], id="settings"),
        pytest.param({"GIT_EXTERNAL_DIFF": "x"}, ["git-program"], id="program"),
    ],
)
def test_environment(environment: dict[str, str], expected: list[str]) -> None:
    assert rules(diagnosis.environment(GOOD._replace(environment=environment))) == expected


RUNS = Script("exec pre-commit hook-impl\n", runs=True)


@pytest.mark.parametrize(
    ("config", "scripts", "expected"),
    [
        pytest.param(BOTH, GOOD.scripts, [], id="all-there"),
        pytest.param(BOTH, {"pre-commit": RUNS}, ["hook-missing"], id="commit-msg-missing"),
        pytest.param(BOTH, {}, ["hook-missing", "hook-missing"], id="none"),
        pytest.param(None, {}, ["hook-unused"], id="none-and-no-configuration"),
        pytest.param(
            BOTH,
            {**GOOD.scripts, "commit-msg": RUNS._replace(runs=False)},
            ["hook-not-executable"],
            id="not-executable",
        ),
        pytest.param(
            BOTH, {**GOOD.scripts, "commit-msg": Script("exit 0\n", runs=True)}, ["hook-foreign"], id="foreign"
        ),
        pytest.param(
            BOTH, {**GOOD.scripts, "commit-msg": Script("", runs=True, link=True)}, ["hook-foreign"], id="link"
        ),
        pytest.param(
            HookConfig((HookUse("receipt", "x", "v1.2.3"),)),
            {"pre-commit": RUNS},
            ["hook-missing", "hook-missing"],
            id="receipt-needs-two",
        ),
        pytest.param(
            HookConfig((HookUse("verify-range", "x", "v1.2.3"),)),
            {"pre-commit": RUNS},
            ["hook-missing"],
            id="only-push",
        ),
        pytest.param(
            BOTH._replace(install_types=("pre-commit", "pre-push")), GOOD.scripts, ["hook-unused"], id="meant-to-be"
        ),
    ],
)
def test_scripts(config: HookConfig | None, scripts: dict[str, Script], expected: list[str]) -> None:
    assert rules(diagnosis.scripts(GOOD._replace(scripts=scripts), config)) == expected


@pytest.mark.parametrize(
    ("config", "required", "expected"),
    [
        pytest.param(BOTH, (), [], id="good"),
        pytest.param(HookConfig(), (), ["config-short", "config-warning"], id="nothing"),
        pytest.param(BOTH._replace(hooks=BOTH.hooks[:1]), (), ["config-warning"], id="no-messages"),
        pytest.param(
            BOTH._replace(hooks=(BOTH.hooks[0]._replace(stages=("manual",)), BOTH.hooks[1])),
            (),
            ["config-short"],
            id="manual",
        ),
        pytest.param(BOTH, ("sayso", "secure-claims"), [], id="required-and-there"),
        pytest.param(BOTH, ("sayso", "commit-gate"), ["config-short"], id="gate-required-and-missing"),
        pytest.param(BOTH, ("lint",), ["config-short"], id="required-and-missing"),
        pytest.param(BOTH._replace(ci_skip=("sayso",)), (), ["config-warning"], id="skipped-in-ci"),
        pytest.param(
            BOTH._replace(hooks=(BOTH.hooks[0]._replace(rev="main"), BOTH.hooks[1])), (), ["rev-mutable"], id="branch"
        ),
    ],
)
def test_configured(config: HookConfig, required: tuple[str, ...], expected: list[str]) -> None:
    assert rules(diagnosis.configured(config, required, "")) == expected


def test_too_old_a_version() -> None:
    assert rules(diagnosis.configured(BOTH, (), "v2.0.0")) == ["config-short", "config-short"]


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        pytest.param(GOOD, [], id="good"),
        pytest.param(GOOD._replace(tools={"a": True, "b": False}), ["scanner-missing"], id="scanner"),
        pytest.param(GOOD._replace(ledger="/x: denied"), ["ledger"], id="ledger"),
        pytest.param(GOOD._replace(shallow=True), ["history-cut"], id="shallow"),
        pytest.param(
            GOOD._replace(settings=(setting("remote.origin.promisor", "true"),)), ["history-cut"], id="partial"
        ),
        pytest.param(GOOD._replace(git=(2, 31, 0)), ["git-old"], id="old"),
    ],
)
def test_surroundings(machine: Installation, expected: list[str]) -> None:
    assert rules(diagnosis.surroundings(machine)) == expected
