"""Configurations of hook runners, and what of them a policy measures."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sayso import hookconfig
from sayso.hookconfig import STAGES, HookConfig, HookUse
from sayso.model import DataError
from sayso.registry import HOOKS
from specimens import ROOT

YAML = """\
default_install_hook_types: [pre-commit, commit-msg]
default_stages: [commit]
exclude: ^vendor/
fail_fast: true
ci:
  skip: [sayso]
repos:
  - repo: https://example.org/sayso
    rev: 1234567890123456789012345678901234567890  # frozen: v1.2.3
    hooks:
      - id: sayso
        args: [--refuse, --]
        stages: [commit, push]
        files: |
          (?x)
          ^src/|  # code
          ^lib/
      - id: sayso-message
  - repo: local
    hooks:
      - id: my-gate
        entry: /opt/bin/sayso secret-scan --named-only
        language: system
        types: [python]
        always_run: false
      - id: other
        entry: other sayso
        language: system
"""
TOML = """\
default_install_hook_types = ["pre-commit", "commit-msg"]
exclude = { glob = ["vendor/**"] }

[[repos]]
repo = "https://example.org/sayso"
rev = "v1.2.3"
hooks = [{ id = "sayso" }]
"""


def test_the_stages_are_those_of_the_registry_and_the_manifest() -> None:
    assert dict(STAGES) == {name: hook.stages for name, hook in HOOKS.items()}
    manifest = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {entry["id"]: set(entry["stages"]) for entry in manifest}.items() <= {
        name: set(stages) for name, stages in STAGES.items()
    }.items()


def test_yaml_is_read() -> None:
    config = hookconfig.read(".pre-commit-config.yaml", YAML)
    rev = "1234567890123456789012345678901234567890"
    repo = "https://example.org/sayso"
    assert config.hooks == (
        HookUse("sayso", repo, rev, ("--refuse", "--"), ("pre-commit", "pre-push"), (("files", "^src/|^lib/"),)),
        HookUse("sayso-message", repo, rev),
        HookUse(
            "secret-scan",
            "local",
            stages=("pre-commit",),
            filters=(("types", "python"),),
            switches=(("always_run", False),),
            code=(("language", "system"), ("entry", "/opt/bin/sayso secret-scan --named-only")),
        ),
        HookUse("other", "local", stages=("pre-commit",), code=(("language", "system"), ("entry", "other sayso"))),
    )
    assert config.filter("exclude") == "^vendor/"
    assert config.fail_fast
    assert config.install_types == ("pre-commit", "commit-msg")
    assert config.ci_skip == ("sayso",)
    assert config.version(config.hooks[0]) == (1, 2, 3)
    assert config.hooks[1].runs_at == ("commit-msg",)


def test_toml_is_read() -> None:
    config = hookconfig.read("prek.toml", TOML)
    assert config.hooks == (HookUse("sayso", "https://example.org/sayso", "v1.2.3"),)
    assert config.filter("exclude") == "vendor/**"
    assert config.install_types == ("pre-commit", "commit-msg")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("prek.toml", "repos = [", id="no-toml"),
        pytest.param("prek.toml", "repos = 1\n", id="toml-without-a-list"),
        pytest.param("prek.toml", "#" * (1 << 20) + "\n", id="too-large-a-toml"),
        pytest.param("x.yaml", "repos: [", id="no-yaml"),
        pytest.param("x.yaml", "[]", id="a-list"),
        pytest.param("x.yaml", "", id="empty"),
        pytest.param("x.yaml", "repos: [1]", id="a-repo-that-is-none"),
        pytest.param("x.yaml", "repos: [{hooks: 1}]", id="hooks-that-are-none"),
        pytest.param("x.yaml", "repos: []\nrepos: []\n", id="a-key-twice"),
        pytest.param("x.yaml", "repos:\n" + "- {hooks: [" + "{}," * 2_001 + "]}\n", id="too-many-hooks"),
        pytest.param("x.yaml", "repos: !!python/object:os.system {}\n", id="an-object"),
    ],
)
def test_what_is_no_configuration_is_an_error(path: str, text: str) -> None:
    with pytest.raises(DataError):
        hookconfig.read(path, text)


@given(st.text(max_size=200) | st.text(alphabet="reposhkid:[]{}-\n ,'\"&*!|>#", max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for path in ("prek.toml", ".pre-commit-config.yaml"):
        try:
            assert isinstance(hookconfig.read(path, text), HookConfig)
        except DataError as exc:
            assert path in str(exc)  # noqa: PT017 - both ends are right


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("v1.2.3", (1, 2, 3), id="tag"),
        pytest.param("1.2", (1, 2), id="two-parts"),
        pytest.param("sayso-v1.2.3", (1, 2, 3), id="prefixed"),
        pytest.param("v1.2.3rc1", (1, 2, 3), id="candidate"),
        pytest.param("v1", (), id="series"),
        pytest.param("main", (), id="branch"),
        pytest.param("a" * 40, (), id="commit"),
        pytest.param("", (), id="nothing"),
    ],
)
def test_versions(text: str, numbers: tuple[int, ...]) -> None:
    assert hookconfig.version(text) == numbers
    assert hookconfig.mutable(text) == (not numbers and text != "a" * 40)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("https://example.org/a/sayso", "git@example.org:a/sayso.git", True, id="ssh"),
        pytest.param("https://example.org/a/sayso/", "ssh://git@example.org/a/sayso", True, id="ssh-address"),
        pytest.param("https://Example.org/A/sayso", "https://example.org/a/sayso", True, id="case"),
        pytest.param("https://example.org/a/sayso", "https://example.org/b/sayso", False, id="owner"),
        pytest.param("https://example.org/a/sayso", "https://example.org.evil/a/sayso", False, id="host"),
        pytest.param("https://example.org/a/sayso", "local", False, id="local"),
    ],
)
def test_addresses(one: str, other: str, same: bool) -> None:
    assert hookconfig.same_repo(one, other) == same


def use(hook: str, **settings: Any) -> HookUse:
    return HookUse(hook, "https://example.org/sayso", "v1.2.3")._replace(**settings)


@pytest.mark.parametrize(
    ("config", "required", "minimum", "reasons"),
    [
        pytest.param(HookConfig(), (), "", (), id="nothing-required"),
        pytest.param(HookConfig(), ("sayso",), "", ("sayso: is not configured",), id="missing"),
        pytest.param(HookConfig((use("sayso"),)), ("sayso", "secret-scan"), "", (), id="covered"),
        pytest.param(
            HookConfig((use("secret-scan"),)), ("sayso",), "", ("sayso: is not configured",), id="a-part-is-not-all"
        ),
        pytest.param(
            HookConfig((use("sayso", stages=("manual",)),)),
            ("code-scan",),
            "",
            ("code-scan: runs only at manual",),
            id="manual",
        ),
        pytest.param(
            HookConfig((use("sayso", stages=("manual",)), use("code-scan"))), ("code-scan",), "", (), id="another-entry"
        ),
        pytest.param(
            HookConfig((use("sayso", code=(("entry", "true"),)),)),
            ("sayso",),
            "",
            ("sayso: something else runs in its place",),
            id="replaced",
        ),
        pytest.param(
            HookConfig((use("sayso"),), (("exclude", ".*"),)),
            ("sayso",),
            "",
            ("sayso: exclude of the whole configuration leaves it no file",),
            id="all-excluded",
        ),
        pytest.param(
            HookConfig((use("sayso", filters=(("files", "^$"),)),)),
            ("sayso",),
            "",
            ("sayso: files leaves it no file",),
            id="no-files",
        ),
        pytest.param(
            HookConfig((use("sayso", args=("--help",)),)),
            ("sayso",),
            "",
            ("sayso: its args make it print help and pass",),
            id="help",
        ),
        pytest.param(
            HookConfig((use("sayso"),)),
            ("secure-claims",),
            "",
            ("secure-claims: runs only at pre-commit, pre-push, manual",),
            id="claims-of-files-alone",
        ),
        pytest.param(HookConfig((use("sayso-message"),)), ("secure-claims",), "", (), id="claims-of-messages"),
        pytest.param(HookConfig((HookUse("lint", "x"),)), ("lint",), "", (), id="somebody-elses"),
        pytest.param(HookConfig((use("sayso"),)), (), "v1.2.3", (), id="as-old-as-it-may-be"),
        pytest.param(HookConfig((use("sayso"),)), (), "v1.10.0", ("sayso: rev v1.2.3 is below v1.10.0",), id="too-old"),
        pytest.param(
            HookConfig((use("sayso", rev="main"),)),
            (),
            "1.0.0",
            ("sayso: rev main names no version, and 1.0.0 or later is required",),
            id="no-version",
        ),
        pytest.param(
            HookConfig((use("sayso", rev="a" * 40),)),
            (),
            "1.0.0",
            ("sayso: rev aaaaaaaaaaaa has no comment '# frozen: v…' that says whether it is 1.0.0 or later",),
            id="unknown-version",
        ),
        pytest.param(
            HookConfig((use("sayso", rev="a" * 40),), frozen={"a" * 40: "v1.0.0"}), (), "1.0.0", (), id="frozen"
        ),
        pytest.param(HookConfig((HookUse("sayso", "local"),)), ("sayso",), "1.0.0", (), id="local-has-no-version"),
    ],
)
def test_missing(config: HookConfig, required: tuple[str, ...], minimum: str, reasons: tuple[str, ...]) -> None:
    assert hookconfig.missing(config, required, minimum) == reasons
