"""Changes to the configuration of the gate: what lets more go by, and what does not."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.adapters.resources import read_table
from sayso.checks import gate_config
from sayso.lines import added_lines
from sayso.model import Change, ChangeKind, Finding, Severity, Snapshot
from sayso.policy import DEFAULT, Policy
from sayso.settings import Gate

RULES = gate_config.read_rules(read_table("gate.toml"))
CONFIG = ".pre-commit-config.yaml"
REQUIRING = DEFAULT._replace(gate=Gate(required_hooks=("sayso",), minimum_rev="v0.2.0"))


def snapshot(path: str, old: str | None, new: str | None, old_path: str = "", there: tuple[str, ...] = ()) -> Snapshot:
    """A change of one file; None is no file."""
    kind = ChangeKind.ADDED if old is None else ChangeKind.DELETED if new is None else ChangeKind.MODIFIED
    change = Change(ChangeKind.RENAMED if old_path else kind, path, old_path)
    if new is None:
        return Snapshot((change,), there=frozenset(there))
    before = {} if old is None else {path: old}
    return Snapshot((change,), {path: added_lines(old, new)}, {path: new}, before, there=frozenset(there))


def example(text: str) -> Snapshot:
    """The change that an example of a rule shows."""
    path, _, body = text.strip("\n").partition("\n")
    lines = body.split("\n")
    assert all(line[:1] in "+- " for line in lines), text
    old, new = ("".join(f"{line[1:]}\n" for line in lines if line[:1] != other) for other in "+-")
    return snapshot(path, old or None, new or None, there=(CONFIG,))


def found(snap: Snapshot, policy: Policy = DEFAULT) -> list[Finding]:
    found = list(gate_config.check(snap, RULES, policy))
    assert not found or gate_config.concerns(snap), "the first look must not pass over what the second finds"
    return found


FLAGGED = [(rule.id, text) for rule in RULES.config.values() for text in rule.flag]
PASSED = [(rule.id, text) for rule in RULES.config.values() for text in rule.passes]


def policy_for(rule: str) -> Policy:
    return DEFAULT._replace(gate=Gate(required_hooks=("sayso",))) if rule == "gate-required-hook" else DEFAULT


@pytest.mark.parametrize(("rule", "text"), FLAGGED, ids=[rule for rule, _ in FLAGGED])
def test_examples_that_must_match(rule: str, text: str) -> None:
    assert rule in {item.rule for item in found(example(text), policy_for(rule))}


@pytest.mark.parametrize(("rule", "text"), PASSED, ids=[rule for rule, _ in PASSED])
def test_examples_that_must_not_match(rule: str, text: str) -> None:
    assert rule not in {item.rule for item in found(example(text), policy_for(rule))}


def test_every_rule_has_examples_of_both_kinds() -> None:
    assert [rule.id for rule in RULES.config.values() if not (rule.flag and rule.passes)] == []


def config(hooks: str, rev: str = "v0.2.0", repo: str = "https://example.org/sayso", top: str = "") -> str:
    """A configuration with hooks of ours; ``hooks`` are lines below ``hooks:``."""
    return f"{top}repos:\n  - repo: {repo}\n    rev: {rev}\n    hooks:\n{hooks}"


SAYSO = "      - id: sayso\n"
BOTH = f"{SAYSO}      - id: sayso-message\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(config(BOTH), config(BOTH), [], id="nothing"),
        pytest.param(config(BOTH), "# words\n" + config(BOTH, "v0.3.0"), [], id="newer"),
        pytest.param(config(BOTH), config("      - id: sayso-message\n" + SAYSO), [], id="reordered"),
        pytest.param(config(BOTH), config(SAYSO), [("gate-hook-dropped", 0)], id="dropped"),
        pytest.param(
            config(BOTH), "repos: []\n", [("gate-hook-dropped", 0), ("gate-hook-dropped", 0)], id="all-dropped"
        ),
        pytest.param(
            config(SAYSO), config("      - id: code-scan\n"), [("gate-hook-dropped", 0)], id="only-part-of-it-is-left"
        ),
        pytest.param(config(SAYSO * 2), config(SAYSO), [("gate-hook-dropped", 5)], id="one-of-two-entries-dropped"),
        pytest.param(config(SAYSO), config(SAYSO, "v0.1.9"), [("gate-rev-lowered", 3)], id="lowered"),
        pytest.param(config(SAYSO), config(SAYSO, "v0"), [("gate-rev-mutable", 3)], id="series-tag"),
        pytest.param(config(SAYSO), config(SAYSO, "HEAD"), [("gate-rev-mutable", 3)], id="head"),
        pytest.param(config(SAYSO, "main"), config(SAYSO, "main"), [], id="was-mutable"),
        pytest.param(None, config(SAYSO, "main"), [("gate-rev-mutable", 3)], id="new-and-mutable"),
        pytest.param(config(SAYSO), config(SAYSO, "a" * 40), [], id="pinned"),
        pytest.param(
            config(SAYSO, f"{'a' * 40}  # frozen: v0.2.0"),
            config(SAYSO, f"{'b' * 40}  # frozen: v0.1.0"),
            [("gate-rev-lowered", 3)],
            id="frozen-and-lowered",
        ),
        pytest.param(
            config(SAYSO),
            config(SAYSO, repo="https://example.net/sayso"),
            [("gate-repo-changed", 2)],
            id="another-address",
        ),
        pytest.param(
            config(SAYSO),
            "repos:\n  - repo: local\n    hooks:\n"
            "      - id: sayso\n        entry: ./sayso.sh\n        language: script\n",
            [("gate-repo-changed", 2), ("gate-hook-replaced", 6), ("gate-hook-replaced", 5)],
            id="made-local",
        ),
        pytest.param(
            config(BOTH),
            config(f"{SAYSO}        exclude: ^vendor/\n      - id: sayso-message\n"),
            [("gate-files-narrowed", 6)],
            id="excluded",
        ),
        pytest.param(
            config(BOTH, top="exclude: ^vendor/\n"),
            config(BOTH, top="exclude: ^(vendor|src)/\n"),
            [("gate-files-narrowed", 1)],
            id="more-excluded-at-the-top",
        ),
        pytest.param(config(BOTH, top="files: ^src/\n"), config(BOTH), [], id="no-longer-narrow"),
        pytest.param(config(BOTH), config(BOTH, top="files: ^$\n"), [("gate-files-narrowed", 1)], id="nothing-at-all"),
        pytest.param(
            config(SAYSO), config(f"{SAYSO}        types: [python]\n"), [("gate-files-narrowed", 6)], id="types"
        ),
        pytest.param(
            config(f"{SAYSO}        types_or: [python, c]\n"),
            config(f"{SAYSO}        types_or: [python]\n"),
            [("gate-files-narrowed", 6)],
            id="fewer-types",
        ),
        pytest.param(
            config(BOTH),
            config(f"{SAYSO}      - id: sayso-message\n        stages: [manual]\n"),
            [("gate-stages-moved", 7)],
            id="manual-is-not-the-stage-of-a-message",
        ),
        pytest.param(config(SAYSO), config(SAYSO, top="default_stages: [manual]\n"), [], id="our-manifest-has-stages"),
        pytest.param(
            config(f"{SAYSO}        args: [--refuse, --]\n"),
            config(f"{SAYSO}        args: [--]\n"),
            [("gate-arguments-loosened", 6)],
            id="refuse-is-gone",
        ),
        pytest.param(
            config(SAYSO),
            config(f"{SAYSO}        args: [--from-ref=HEAD, --to-ref=HEAD]\n"),
            [("gate-arguments-loosened", 6), ("gate-arguments-loosened", 6)],
            id="an-empty-range",
        ),
        pytest.param(
            config("      - id: ai-authorship\n"),
            config("      - id: ai-authorship\n        args: [--accept, Co-authored-by]\n"),
            [("gate-arguments-loosened", 6)],
            id="more-accepted",
        ),
        pytest.param(
            config(SAYSO),
            config(f"{SAYSO}        additional_dependencies: []\n"),
            [("gate-hook-replaced", 6)],
            id="without-its-scanners",
        ),
        pytest.param(
            config(SAYSO, top="ci: {skip: [sayso]}\n"),
            config(SAYSO, top="ci: {skip: [sayso]}\n"),
            [],
            id="skipped-before",
        ),
        pytest.param(config(SAYSO), "repos: [\n", [("gate-config-unreadable", 0)], id="no-yaml"),
        pytest.param(config(SAYSO), "- repos\n", [("gate-config-unreadable", 0)], id="no-configuration"),
        pytest.param("repos: [\n", config(SAYSO), [], id="was-no-yaml"),
    ],
)
def test_configurations(old: str | None, new: str, expected: list[tuple[str, int]]) -> None:
    assert [(item.rule, item.line) for item in found(snapshot(CONFIG, old, new))] == expected
    assert all(item.severity is Severity.WARNING and item.path == CONFIG for item in found(snapshot(CONFIG, old, new)))


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        pytest.param(CONFIG, config(SAYSO), config(SAYSO, "v0.3.0"), [], id="as-required"),
        pytest.param(CONFIG, config(BOTH), config("      - id: sayso-message\n"), ["gate-hook-dropped"], id="dropped"),
        pytest.param(CONFIG, None, config("      - id: code-scan\n"), ["gate-required-hook"], id="never-there"),
        pytest.param(CONFIG, config(SAYSO), config(SAYSO, "v0.1.0"), ["gate-rev-lowered"] * 2, id="below-the-minimum"),
        pytest.param(CONFIG, config(SAYSO), config(SAYSO, "a" * 40), ["gate-rev-lowered"], id="version-unknown"),
        pytest.param(CONFIG, config(SAYSO), "repos: [\n", ["gate-config-unreadable"], id="unreadable"),
        pytest.param(CONFIG, config(SAYSO), None, ["gate-config-removed"], id="deleted"),
        pytest.param("sub/prek.toml", None, "repos = []\n", [], id="prek-in-a-folder"),
        pytest.param(
            CONFIG,
            config(SAYSO),
            config(f"{SAYSO}        stages: [manual]\n"),
            ["gate-stages-moved", "gate-required-hook"],
            id="manual",
        ),
    ],
)
def test_what_a_policy_requires_refuses(path: str, old: str | None, new: str | None, expected: list[str]) -> None:
    items = found(snapshot(path, old, new), REQUIRING)
    assert [item.rule for item in items] == expected
    assert any(item.severity is Severity.ERROR for item in items) == bool(expected)


def test_a_file_that_is_renamed() -> None:
    toml = '[[repos]]\nrepo = "https://example.org/sayso"\nrev = "v0.2.0"\nhooks = [{ id = "sayso" }]\n'
    assert found(snapshot("prek.toml", config(SAYSO), toml, CONFIG), REQUIRING) == []
    items = found(snapshot("prek.toml", config(BOTH), toml, CONFIG))
    assert [item.rule for item in items] == ["gate-hook-dropped"]
    items = found(snapshot("old.yaml", config(SAYSO), config(SAYSO), CONFIG), REQUIRING)
    assert [(item.rule, item.path, item.severity) for item in items] == [
        ("gate-config-removed", CONFIG, Severity.ERROR)
    ]
    assert found(snapshot(CONFIG, config(SAYSO), config(SAYSO), "old.yaml")) == []


def test_a_file_beside_is_asked_for() -> None:
    change = Change(ChangeKind.ADDED, "sub/prek.toml")
    assert sorted(gate_config.asks((change, Change(ChangeKind.ADDED, "x.py")))) == [
        "sub/.pre-commit-config.yaml",
        "sub/.pre-commit-config.yml",
        "sub/prek.toml",
    ]
    assert [item.rule for item in found(snapshot("prek.toml", None, "", there=(CONFIG,)))] == ["gate-config-shadowed"]
    assert found(snapshot("prek.toml", None, "")) == []
    removed = found(snapshot(CONFIG, config(SAYSO), None, there=("prek.toml",)), REQUIRING)
    assert [(item.rule, item.severity) for item in removed] == [("gate-config-removed", Severity.WARNING)]


GATE = "on:\n  pull_request:\n  merge_group:\njobs:\n  gate:\n    steps:\n      - run: sayso verify a..b\n"
FLOW = ".github/workflows/gate.yml"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(GATE, GATE.replace("  merge_group:\n", ""), [("gate-workflow-narrowed", 1)], id="event-gone"),
        pytest.param(
            GATE,
            GATE.replace("request:\n", "request:\n    branches: [main]\n"),
            [("gate-workflow-narrowed", 3)],
            id="branches",
        ),
        pytest.param(
            GATE,
            GATE.replace("request:\n", "request:\n    types: [opened]\n"),
            [("gate-workflow-narrowed", 3)],
            id="types",
        ),
        pytest.param(
            GATE,
            GATE.replace("request:\n", "request:\n    types: [opened, synchronize, reopened, edited]\n"),
            [],
            id="more-types",
        ),
        pytest.param(
            GATE.replace("request:\n", "request:\n    paths-ignore: [docs/**, src/**]\n"),
            GATE.replace("request:\n", "request:\n    paths-ignore: [docs/**]\n"),
            [],
            id="fewer-paths-ignored",
        ),
        pytest.param(
            None,
            GATE.replace("request:\n", "request:\n    paths-ignore: [docs/**]\n"),
            [("gate-workflow-narrowed", 3)],
            id="new-with-a-filter",
        ),
        pytest.param(None, GATE.replace("request:\n", "request:\n    branches: [main]\n"), [], id="new-for-a-branch"),
        pytest.param(
            GATE,
            GATE.replace("  gate:\n", "  gate:\n    if: github.actor != 'bot'\n"),
            [("gate-workflow-narrowed", 6)],
            id="condition",
        ),
        pytest.param(GATE, GATE.replace("sayso verify a..b", "make"), [("gate-workflow-dropped", 0)], id="no-longer"),
        pytest.param(GATE, "on: [\n", [("gate-config-unreadable", 0)], id="no-yaml"),
        pytest.param("on: [\n", GATE, [], id="was-no-yaml"),
        pytest.param(GATE, GATE + "      - run: make || true\n", [], id="another-step-is-tolerant"),
        pytest.param(GATE.replace("sayso", "x"), "on: push\njobs: [1]\n", [], id="none-of-our-business"),
        pytest.param(
            GATE,
            GATE.replace("run: ", "run: SKIP=sayso "),
            [("gate-skip-set", 7)],
            id="skip-in-a-command",
        ),
        pytest.param(GATE, GATE + "      - run: HUSKY=1 make\n", [], id="husky-is-on"),
        pytest.param(
            GATE + "      - run: echo\n",
            GATE + "      - run: gh pr checkout 1\n",
            [],
            id="checkout-on-an-ordinary-event",
        ),
        pytest.param(
            GATE,
            GATE.replace("pull_request:", "pull_request_target:") + "      - run: gh pr checkout 1\n",
            [("gate-workflow-narrowed", 1), ("gate-workflow-head", 1)],
            id="checkout-with-rights",
        ),
    ],
)
def test_workflows(old: str | None, new: str, expected: list[tuple[str, int]]) -> None:
    assert [(item.rule, item.line) for item in found(snapshot(FLOW, old, new))] == expected


def test_a_deleted_workflow_is_judged_by_its_text_where_it_is_known() -> None:
    gone = Change(ChangeKind.DELETED, ".github/workflows/ci.yml")
    assert found(Snapshot((gone,))) == []
    assert [item.rule for item in found(Snapshot((gone,), before={gone.path: GATE}))] == ["gate-workflow-dropped"]
    named = Change(ChangeKind.DELETED, ".github/workflows/pre-commit.yml")
    assert [item.rule for item in found(Snapshot((named,)))] == ["gate-workflow-dropped"]
    assert found(Snapshot((named,), before={named.path: "on: push\n"})) == []


@pytest.mark.parametrize(
    ("path", "flagged"),
    [
        pytest.param(".husky/_/husky.sh", True, id="husky"),
        pytest.param("lefthook-local.yml", True, id="lefthook"),
        pytest.param(".githooks/pre-commit", True, id="folder"),
        pytest.param("docs/lefthook.md", False, id="prose"),
        pytest.param("src/husky.py", False, id="code"),
    ],
)
def test_other_runners(path: str, flagged: bool) -> None:
    assert [item.rule for item in found(snapshot(path, None, "x\n"))] == ["gate-other-runner"] * flagged


@given(st.text(alphabet="reposhkid:[]{}-\n ,'\"&*!|>#0v.", max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    for path in (CONFIG, "prek.toml", FLOW):
        for item in found(snapshot(path, config(SAYSO), text), REQUIRING):
            assert item.rule in RULES.config


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("repos: " + "a" * (1 << 20), id="hex"),
        pytest.param("repos: [" + "{hooks: []}," * 40_000 + "]", id="many-repos"),
        pytest.param("repos: " + "[" * 10_000, id="deep"),
        pytest.param("a: &a [x]\nrepos: [" + "*a," * 10_000 + "]", id="aliases"),
        pytest.param("repos:\n- hooks: [{id: sayso, exclude: '" + "(a|" * 20_000 + "'}]", id="pattern"),
        pytest.param("on: " + "sayso " * 100_000, id="words"),
        pytest.param("jobs: {a: {steps: [{run: '" + "git commit " * 100_000 + "'}]}}", id="commands"),
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    start = process_time()
    for path in (CONFIG, "prek.toml", FLOW):
        found(snapshot(path, config(SAYSO), text), REQUIRING)
    assert process_time() - start < 5
