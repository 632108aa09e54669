from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.checks import ai_authorship
from sayso.checks.ai_authorship import Marker, find_markers, identity, judge, parse_rules
from sayso.message import parse_trailers
from sayso.model import DataError, Identity, Rule, Severity

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
with open(os.path.join(ROOT, "rules", "ai_authors.toml"), encoding="utf-8") as _file:
    TEXT = _file.read()
RULES = parse_rules(TEXT)
DEV = Identity("Dev Eloper", "dev@example.org")
CLAUDE = "Claude <noreply@anthropic.com>"


def markers(example: str) -> list[Marker]:
    """Read an example as the data file writes it."""
    place, _, value = example.partition(": ")
    if place == "author":
        return find_markers("Fix", identity(value), DEV, RULES)
    if place == "committer":
        return find_markers("Fix", DEV, identity(value), RULES)
    if place == "environment":
        name, _, setting = value.partition("=")
        return find_markers("Fix", DEV, DEV, RULES, {name: setting})
    return find_markers(example if "\n" in example else f"Fix the parser\n\n{example}", DEV, DEV, RULES)


@pytest.mark.parametrize("tool", RULES.tools)
def test_examples_of_a_tool(tool: str) -> None:
    entry = RULES.tools[tool]
    for example in entry.flag:
        assert tool in {m.tool for m in markers(example)} or (tool == "other-review" and markers(example)), example
    for example in entry.passes:
        assert markers(example) == [], example


def rules_hit(example: str) -> set[str]:
    head, _, message = example.partition(": ")
    if not head.startswith("policy "):
        return {marker.rule for marker in markers(example)}
    found = find_markers(message, DEV, DEV, RULES)
    return {f.rule for f in judge(found, parse_trailers(message), head.split()[1], ("Assisted-by",), RULES)}


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_examples_of_a_rule(rule: Rule) -> None:
    assert rule.flag
    assert rule.passes
    for example in rule.flag:
        assert rule.id in rules_hit(example), example
    for example in rule.passes:
        assert rule.id not in rules_hit(example), example


@pytest.mark.parametrize("variable", [v for tool in RULES.tools.values() for v in tool.environment])
def test_environment(variable: str) -> None:
    name, _, value = variable.partition("=")
    found = find_markers("", DEV, DEV, RULES, {name: value or "1"})
    assert [(m.rule, m.where, m.text) for m in found] == [("ai-environment", "environment", name)]
    assert find_markers("", DEV, DEV, RULES, {name: ""}) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(f"Co-authored-by: {CLAUDE}", [("ai-trailer", "trailer", 3)], id="trailer"),
        pytest.param(f"Co-authored-by: {CLAUDE}\n\nmore", [("ai-trailer", "body", 3)], id="earlier-paragraph"),
        pytest.param(f"text\nCo-authored-by: {CLAUDE}", [("ai-trailer", "body", 4)], id="glued"),
        pytest.param(f"* Co-authored-by: {CLAUDE}", [("ai-trailer", "body", 3)], id="bullet"),
        pytest.param("Co-authored-by: Claude\n  <noreply@anthropic.com>", [("ai-trailer", "trailer", 3)], id="folded"),
        pytest.param("Generated with Claude Code", [("ai-footer", "footer", 3)], id="footer"),
        pytest.param("Made-with: Cursor", [("ai-session", "trailer", 3)], id="tool-key"),
        pytest.param("https://claude.ai/code/session_0", [("ai-session", "body", 3)], id="bare-link"),
        pytest.param(f"Signed-off-by: {CLAUDE}", [("ai-trailer", "trailer", 3)], id="sign-off"),
        pytest.param(
            f"Co-authored-by: Dev <dev@example.org>, {CLAUDE}", [("ai-trailer", "trailer", 3)], id="two-people"
        ),
        pytest.param(
            "Co-authored-by: Cl\u200baude Code <x@example.org>", [("ai-trailer", "trailer", 3)], id="zero-width"
        ),
        pytest.param("Co-authored-by: Claude Foo 9 <dev@example.org>", [("ai-trailer", "trailer", 3)], id="new-model"),
        pytest.param(
            "Co-authored-by: Claude <[email\u00a0protected]>", [("ai-trailer", "trailer", 3)], id="hidden-address"
        ),
        pytest.param("Assisted-by: Claude", [("ai-trailer", "trailer", 3)], id="no-address"),
    ],
)
def test_where(body: str, expected: list[tuple[str, str, int]]) -> None:
    assert [(m.rule, m.where, m.line) for m in markers(f"Fix\n\n{body}")] == expected


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("Assisted-by: Dev Eloper", id="assisted-by-person"),
        pytest.param("Reviewed-by: Claude", id="first-name-without-address"),
        pytest.param("Co-authored-by: Jean Claude <jean@example.org>", id="second-name"),
        pytest.param("Co-authored-by: Devin Cody <devin@example.org>", id="two-first-names"),
        pytest.param("Co-authored-by: claude42 <claude42@example.org>", id="handle"),
        pytest.param("Co-authored-by: Claude <1234+claude-e@users.noreply.github.com>", id="github-person"),
        pytest.param("Co-authored-by: Devin <devin@anthropic.com>", id="staff-with-a-tools-name"),
        pytest.param("Co-authored-by: Dev Eloper <dev@windsurf.com>", id="staff"),
        pytest.param(f"Then `Co-authored-by: {CLAUDE}` is dropped", id="quoted-in-prose"),
        pytest.param(f"Co-authored-by: {CLAUDE} was the line that went\n\nSee the log.", id="sentence-that-starts-so"),
        pytest.param(f"```\nCo-authored-by: {CLAUDE}\n```", id="fenced"),
        pytest.param("generated by cursor.execute and friends", id="noun"),
        pytest.param("Generated by the codex table builder", id="noun-in-a-phrase"),
        pytest.param("Support Claude Code sessions in the sidebar", id="product-as-subject"),
        pytest.param("AI-generated: none", id="disclosed-none"),
        pytest.param("gemini: fix", id="scope"),
    ],
)
def test_not_a_marker(body: str) -> None:
    assert markers(f"Fix\n\n{body}") == []


def test_an_excerpt_is_short() -> None:
    assert max(len(m.text) for m in markers(f"Fix\n\nCo-authored-by: {CLAUDE} {'x' * 500}")) <= 160


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dev Eloper <dev@example.org>", DEV),
        ("Dev Eloper <dev@example.org> 1700000000 +0100", DEV),
        ("<dev@example.org>", Identity("", "dev@example.org")),
        ("Dev Eloper", Identity("Dev Eloper", "")),
        ("Dev <x> Eloper <dev@example.org>", Identity("Dev <x> Eloper", "dev@example.org")),
        ("", Identity("", "")),
    ],
)
def test_identity(text: str, expected: Identity) -> None:
    assert identity(text) == expected


def judged(
    body: str, policy: str, accepted: tuple[str, ...] = (), author: str = "Dev <dev@example.org>"
) -> list[tuple[str, str]]:
    message = f"Fix\n\n{body}"
    found = find_markers(message, identity(author), DEV, RULES)
    findings = judge(found, parse_trailers(message), policy, accepted, RULES)
    return [(f.rule, f.message) for f in findings if f.severity is Severity.ERROR]


ASSISTED = ("Assisted-by",)
ALL = ("Assisted-by", "Generated-by", "Co-authored-by")


@pytest.mark.parametrize(
    ("body", "policy", "accepted", "author"),
    [
        pytest.param(f"Co-authored-by: {CLAUDE}", "detect", (), CLAUDE, id="detect"),
        pytest.param("prose", "forbid", (), "Dev <dev@example.org>", id="forbid-nothing"),
        pytest.param("prose", "require", ASSISTED, "Dev <dev@example.org>", id="require-nothing"),
        pytest.param("Assisted-by: Claude", "require", ASSISTED, CLAUDE, id="require-met"),
        pytest.param("assisted-BY: Codex:gpt-5", "require", ASSISTED, CLAUDE, id="require-met-by-another-tool"),
        pytest.param(f"Co-authored-by: {CLAUDE}", "require", ALL, CLAUDE, id="require-any-form"),
        pytest.param("Made-with: Cursor\nAssisted-by: Cursor", "require", ASSISTED, "D <d@x.y>", id="tool-key-beside"),
        pytest.param(
            "Reviewed-by: CodeRabbit\nAssisted-by: AI", "require", ASSISTED, "D <d@x.y>", id="review-is-no-claim"
        ),
    ],
)
def test_policy_is_met(body: str, policy: str, accepted: tuple[str, ...], author: str) -> None:
    assert judged(body, policy, accepted, author) == []


@pytest.mark.parametrize(
    ("body", "policy", "accepted", "author", "rule", "fix"),
    [
        pytest.param(
            f"Co-authored-by: {CLAUDE}", "forbid", (), "D <d@x.y>", "ai-forbidden", "remove line 3", id="forbid-trailer"
        ),
        pytest.param(
            "Generated with Claude Code", "forbid", (), "D <d@x.y>", "ai-forbidden", "remove line 3", id="forbid-footer"
        ),
        pytest.param("x", "forbid", (), CLAUDE, "ai-forbidden", "--reset-author", id="forbid-author"),
        pytest.param("x", "require", ASSISTED, CLAUDE, "ai-undisclosed", "Assisted-by: Claude", id="require-missing"),
        pytest.param("x", "require", (), CLAUDE, "ai-undisclosed", "Assisted-by: Claude", id="require-default-form"),
        pytest.param(
            f"Co-authored-by: {CLAUDE}",
            "require",
            ASSISTED,
            "D <d@x.y>",
            "ai-form",
            f"Assisted-by: {CLAUDE}",
            id="wrong-form",
        ),
        pytest.param(
            f"Signed-off-by: {CLAUDE}\nAssisted-by: {CLAUDE}",
            "require",
            ALL,
            "D <d@x.y>",
            "ai-form",
            "line 3",
            id="sign-off",
        ),
        pytest.param(
            "Assisted-by: Claude\n\nprose",
            "require",
            ASSISTED,
            "D <d@x.y>",
            "ai-undisclosed",
            "last paragraph",
            id="not-git's",
        ),
        pytest.param(
            "Assisted-by: Dev Eloper",
            "require",
            ASSISTED,
            CLAUDE,
            "ai-undisclosed",
            "Assisted-by: Claude",
            id="names-a-person",
        ),
    ],
)
def test_policy_refuses(  # noqa: PLR0917 - a table's columns
    body: str, policy: str, accepted: tuple[str, ...], author: str, rule: str, fix: str
) -> None:
    [(found, message)] = judged(body, policy, accepted, author)
    assert found == rule
    assert fix in message


def test_the_line_that_a_refusal_asks_for_satisfies_it() -> None:
    for tool in RULES.tools.values():
        body = f"Assisted-by: {tool.name}"
        assert judged(body, "require", ASSISTED, CLAUDE) == [], body


def test_environment_counts_for_require_and_only_shows_for_forbid() -> None:
    found = find_markers("Fix", DEV, DEV, RULES, {"CLAUDECODE": "1"})
    [shown] = judge(found, (), "forbid", (), RULES)
    assert shown.severity is Severity.NOTE
    assert [f.rule for f in judge(found, (), "require", ASSISTED, RULES)] == ["ai-environment", "ai-undisclosed"]


def test_absence_is_never_called_human() -> None:
    assert "human" not in ai_authorship.NO_MARKER
    assert not [rule.id for rule in RULES.rules if "human" in rule.summary + rule.fix]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("x = ", ("ai.toml:1",), id="not-toml"),
        pytest.param(TEXT.replace("brands", "brand"), ("ai.toml:", "brand", "unknown key"), id="unknown-key"),
        pytest.param(TEXT.replace('id = "claude"', "id = 1"), ("ai.toml:", "id", "expected string"), id="wrong-type"),
        pytest.param(TEXT.replace('id = "codex"', 'id = "claude"'), ("ai.toml:", "second tool"), id="twice"),
        pytest.param(TEXT.replace('severity = "error"', 'severity = "fatal"'), ("severity", "fatal"), id="severity"),
    ],
)
def test_bad_data_is_named(text: str, words: tuple[str, ...]) -> None:
    with pytest.raises(DataError) as caught:
        parse_rules(text, "ai.toml")
    assert [word for word in words if word not in str(caught.value)] == []


@given(st.text(max_size=120), st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_read(message: str, name: str, email: str) -> None:
    find_markers(f"Claude {message}", Identity(name, email), DEV, RULES)


@pytest.mark.parametrize(
    "unit",
    [
        "claude ",
        "Co-authored-by: Claude <",
        "generated with ",
        "claude <a@b> ",
        "[claude](",
        "this commit was ",
        "a@b",
        "claude,",
    ],
)
@pytest.mark.parametrize("head", ["", "Co-authored-by: ", "Generated with ", "x\nThis change "])
def test_time_grows_with_size_and_not_faster(unit: str, head: str) -> None:
    def seconds(size: int) -> float:
        text = f"claude\n\n{head}" + unit * (size // len(unit))
        started = time.perf_counter()
        find_markers(text, Identity(text[:9000], text[:9000]), DEV, RULES)
        return time.perf_counter() - started

    seconds(1_000)
    assert seconds(100_000) < 60 * max(seconds(10_000), 0.002)


def test_import_is_light() -> None:
    heavy = "{'json', 'dataclasses', 'subprocess', 'unicodedata'}"
    code = f"import sys, sayso.checks.ai_authorship; print(*{heavy} & set(sys.modules))"
    env = {"PYTHONPATH": os.path.join(ROOT, "hooks")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.split() == []
