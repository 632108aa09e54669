from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import tables
from sayso.checks.agent_permissions import FILE, UNREADABLE, check, read_rules
from sayso.lines import added_lines
from sayso.model import SYMLINK_MODE, AddedLine, Change, ChangeKind, DataError, Finding, Rule, Severity, Snapshot
from sayso.policy import Policy

TEXT = (Path(__file__).parents[2] / "rules" / FILE).read_text(encoding="utf-8")
RULES = read_rules(tables.parse(TEXT, FILE))
POLICY = Policy()
CLAUDE = ".claude/settings.json"
WORKFLOW = ".github/workflows/ci.yml"


def judge(path: str, new: str, old: str | None = None) -> list[Finding]:
    kind = ChangeKind.ADDED if old is None else ChangeKind.MODIFIED
    before = {} if old is None else {path: old}
    snapshot = Snapshot((Change(kind, path),), {path: added_lines(old, new)}, {path: new}, before)
    return list(check(snapshot, RULES, POLICY))


def ids(found: list[Finding]) -> set[str]:
    return {finding.rule for finding in found}


def example(sample: str) -> list[Finding]:
    path, _, body = sample.partition("\n")
    old, between, new = body.partition("\n=====\n")
    return judge(path, new, old) if between else judge(path, body)


@pytest.mark.parametrize(
    ("rule", "sample"), [pytest.param(rule, text, id=rule.id) for rule in RULES.rules for text in rule.flag]
)
def test_every_example_that_must_match_does(rule: Rule, sample: str) -> None:
    found = example(sample)
    assert rule.id in ids(found)
    assert {finding.severity for finding in found if finding.rule == rule.id} == {rule.severity}


@pytest.mark.parametrize(
    ("rule", "sample"), [pytest.param(rule, text, id=rule.id) for rule in RULES.rules for text in rule.passes]
)
def test_no_example_that_must_pass_matches(rule: Rule, sample: str) -> None:
    assert rule.id not in ids(example(sample))


def test_every_rule_explains_itself_and_is_used() -> None:
    for rule in RULES.rules:
        assert rule.why.endswith("."), rule.id
        assert rule.fix.endswith("."), rule.id
        assert rule.flag, rule.id
        assert rule.passes, rule.id
    named = RULES.settings.rules | RULES.lines.rules
    assert {rule.id for rule in RULES.rules} - named == {
        "agent-allow-broad",
        UNREADABLE,
        "workflow-token-widened",
        "workflow-strangers-trigger",
    }
    assert [rule.id for rule in RULES.rules if rule.severity is Severity.ERROR] == ["agent-prompts-off"]


@pytest.mark.parametrize(
    ("path", "text", "rule"),
    [
        pytest.param(CLAUDE, '{"enabledPlugins": {"a@b": true}}', "agent-mcp-server", id="claude-plugin"),
        pytest.param(CLAUDE, '{"apiKeyHelper": "./key.sh"}', "agent-command-hook", id="claude-key-helper"),
        pytest.param(
            CLAUDE, '{"sandbox": {"excludedCommands": ["docker"]}}', "agent-sandbox-wider", id="claude-excluded"
        ),
        pytest.param(
            CLAUDE, '{"sandbox": {"network": {"allowedDomains": ["*"]}}}', "agent-sandbox-wider", id="claude-domains"
        ),
        pytest.param(
            "sub/.claude/settings.local.json", '{"permissions": {"allow": ["Bash"]}}', "agent-allow-broad", id="nested"
        ),
        pytest.param(
            ".Claude/Settings.json", '{"permissions": {"allow": ["Bash"]}}', "agent-allow-broad", id="other-case"
        ),
        pytest.param(
            ".claude/agents/a.md", "---\npermissionMode: bypassPermissions\n---\n", "agent-prompts-off", id="agent-mode"
        ),
        pytest.param(
            "skills/a/SKILL.md", "---\nallowed-tools:\n  - Bash(make:*)\n---\n", "agent-allow-entry", id="skill-list"
        ),
        pytest.param(
            "plugin/hooks/hooks.json",
            '{"hooks": {"Stop": [{"hooks": [{"command": "x"}]}]}}',
            "agent-command-hook",
            id="plugin-hooks",
        ),
        pytest.param(
            ".mcp.json",
            '{"mcpServers": {"a": {"command": "a", "alwaysAllow": ["rm"]}}}',
            "agent-allow-broad",
            id="mcp-always-allow",
        ),
        pytest.param(".roo/mcp.json", '{"mcpServers": {"a": {"command": "a"}}}', "agent-mcp-server", id="roo-mcp"),
        pytest.param(
            ".vscode/mcp.json", '{"servers": {"a": {"url": "https://a.example"}}}', "agent-mcp-server", id="vscode-mcp"
        ),
        pytest.param(
            ".vscode/settings.json",
            '{"chat.tools.terminal.autoApprove": {"/.*/": true}}',
            "agent-allow-broad",
            id="vscode-any",
        ),
        pytest.param(
            ".vscode/settings.json",
            '{"chat.tools.terminal.autoApprove": {"rm": {"approve": true, "matchCommandLine": true}}}',
            "agent-allow-broad",
            id="vscode-object",
        ),
        pytest.param(
            ".vscode/settings.json", '{"roo-cline.allowedCommands": ["make"]}', "agent-allow-entry", id="roo-commands"
        ),
        pytest.param(
            ".vscode/settings.json",
            '{"windsurf.cascadeCommandsAllowList": ["make"]}',
            "agent-allow-entry",
            id="windsurf",
        ),
        pytest.param(
            ".vscode/settings.json", '{"kiroAgent.trustedCommands": ["*"]}', "agent-allow-broad", id="kiro-trusted"
        ),
        pytest.param(
            ".vscode/settings.json", '{"amp.dangerouslyAllowAll": true}', "agent-prompts-off", id="amp-in-vscode"
        ),
        pytest.param(
            ".cursor/permissions.json", '{"terminalAllowlist": ["make"]}', "agent-allow-entry", id="cursor-terminal"
        ),
        pytest.param(
            ".cursor/sandbox.json",
            '{"networkPolicy": {"default": "allow"}}',
            "agent-sandbox-wider",
            id="cursor-network",
        ),
        pytest.param(
            ".github/hooks/a.json",
            '{"hooks": {"sessionStart": [{"bash": "./a.sh"}]}}',
            "agent-command-hook",
            id="copilot-hooks",
        ),
        pytest.param(
            ".gemini/settings.json", '{"tools": {"autoAccept": true}}', "agent-prompts-fewer", id="gemini-accept"
        ),
        pytest.param(
            ".gemini/settings.json", '{"tools": {"sandbox": false}}', "agent-sandbox-wider", id="gemini-sandbox"
        ),
        pytest.param(
            ".gemini/settings.json", '{"tools": {"discoveryCommand": "x"}}', "agent-command-hook", id="gemini-discovery"
        ),
        pytest.param(
            ".gemini/policies/a.toml",
            '[[rule]]\ntoolName = "shell"\ndecision = "allow"',
            "agent-prompts-fewer",
            id="gemini-policy",
        ),
        pytest.param(".qwen/settings.json", '{"tools": {"approvalMode": "yolo"}}', "agent-prompts-off", id="qwen"),
        pytest.param(
            ".codex/config.toml",
            '[profiles.a]\nsandbox_mode = "danger-full-access"',
            "agent-prompts-off",
            id="codex-profile",
        ),
        pytest.param(
            ".codex/config.toml",
            '[sandbox_workspace_write]\nwritable_roots = ["/"]',
            "agent-sandbox-wider",
            id="codex-roots",
        ),
        pytest.param(
            ".codex/rules/a.rules",
            'prefix_rule(pattern = ["git"], decision = "allow")',
            "agent-allow-entry",
            id="codex-rules",
        ),
        pytest.param(".aider.conf.yml", "lint-cmd: ./lint.sh", "agent-command-hook", id="aider-lint"),
        pytest.param(
            ".continue/config.yaml", "mcpServers:\n  - name: a\n    command: a", "agent-mcp-server", id="continue"
        ),
        pytest.param(
            ".continue/config.yaml",
            "mcpServers:\n  - 1: a\n    x: 2026-01-01\n    2026-01-02: b",
            "agent-mcp-server",
            id="odd-keys",
        ),
        pytest.param(
            ".roomodes", "customModes:\n  - slug: a\n    groups: [read, command]", "agent-prompts-fewer", id="roo-mode"
        ),
        pytest.param("opencode.json", '{"permission": "allow"}', "agent-prompts-fewer", id="opencode-all"),
        pytest.param(
            "opencode.jsonc", '{"permission": {"bash": {"*": "allow"}}}', "agent-prompts-fewer", id="opencode-bash"
        ),
        pytest.param(".kiro/agents/a.json", '{"allowedTools": ["@server"]}', "agent-allow-broad", id="kiro-server"),
        pytest.param(
            ".amp/settings.json",
            '{"amp.permissions": [{"tool": "Bash", "action": "allow"}]}',
            "agent-prompts-fewer",
            id="amp",
        ),
        pytest.param(
            ".zed/settings.json", '{"agent": {"always_allow_tool_actions": true}}', "agent-prompts-off", id="zed"
        ),
        pytest.param("crush.json", '{"permissions": {"allowed_tools": ["view"]}}', "agent-allow-entry", id="crush"),
        pytest.param(".factory/settings.json", '{"commandAllowlist": ["make"]}', "agent-allow-entry", id="factory"),
        pytest.param(
            WORKFLOW, "on:\n  pull_request_target:\njobs: {}", "workflow-strangers-trigger", id="trigger-mapping"
        ),
        pytest.param(
            WORKFLOW,
            "on: [push]\njobs: {a: {permissions: {id-token: write}}}",
            "workflow-token-widened",
            id="job-right",
        ),
        pytest.param(
            WORKFLOW, 'on: push\n"perm\\x69ssions": write-all', "workflow-token-widened", id="key-with-escape"
        ),
        pytest.param("infra/main.tf", 'role_definition_name = "Owner"', "cloud-admin-role", id="azure"),
        pytest.param("cdk/stack.ts", "new iam.PolicyStatement({\n  actions: ['*'],\n});", "cloud-wildcard", id="cdk"),
        pytest.param(
            "api/types.go", "//+kubebuilder:rbac:groups=apps,resources=*,verbs=get", "cloud-wildcard", id="kubebuilder"
        ),
        pytest.param(
            "deploy.sh", 'gcloud x add-iam-policy-binding --member="allUsers" --role=r', "cloud-wildcard", id="public"
        ),
    ],
)
def test_what_widens(path: str, text: str, rule: str) -> None:
    assert rule in ids(judge(path, text))


@pytest.mark.parametrize(
    ("path", "new", "old"),
    [
        pytest.param(
            CLAUDE,
            '{"permissions": {"allow": ["Bash(make)"]}, "model": "a"}',
            '{"permissions": {"allow": ["Bash(make)"]}}',
            id="nothing-added",
        ),
        pytest.param(
            CLAUDE, '{"permissions": {"allow": ["Read", "Grep", "TodoWrite"]}}', None, id="tools-that-only-read"
        ),
        pytest.param(CLAUDE, '{"permissions": {"deny": ["Bash(rm:*)"], "ask": ["Bash"]}}', None, id="narrower"),
        pytest.param(CLAUDE, '{"sandbox": {"enabled": true}}', '{"sandbox": {"enabled": false}}', id="sandbox-on"),
        pytest.param(CLAUDE, "{}", '{"hooks": {"Stop": [{"hooks": [{"command": "x"}]}]}}', id="hook-removed"),
        pytest.param(CLAUDE, "", None, id="empty"),
        pytest.param(
            ".mcp.json",
            '{"mcpServers": {"b": {"command": "x"}}}',
            '{"mcpServers": {"b": {"command": "x"}, "a": {"command": "y"}}}',
            id="server-removed",
        ),
        pytest.param(
            ".vscode/settings.json",
            '{"editor.formatOnSave": true, "terminal.integrated.env.linux": {"A": "b"}}',
            None,
            id="ordinary-settings",
        ),
        pytest.param(".codex/config.toml", 'model = "a"\napproval_policy = "on-request"', None, id="codex-asks"),
        pytest.param(
            ".claude/commands/a.md",
            "---\ndescription: Use it: always\n---\nText",
            None,
            id="front-matter-that-is-no-yaml",
        ),
        pytest.param("src/settings.json", '{"permissions": {"allow": ["Bash"]}}', None, id="other-settings"),
        pytest.param(WORKFLOW, "on: push\njobs: {a: {runs-on: x}}", None, id="no-permissions-ever"),
        pytest.param(
            WORKFLOW, "permissions: {contents: read}\njobs: {}", "permissions: write-all\njobs: {}", id="token-narrowed"
        ),
        pytest.param(
            WORKFLOW,
            "permissions: {}\njobs: {a: {permissions: {contents: write}}}",
            "permissions: {}\njobs: {b: {permissions: {contents: write}}}",
            id="job-renamed",
        ),
        pytest.param("app/store.ts", "const actions = ['*'];", None, id="actions-of-a-store"),
        pytest.param("infra/a.tf", '# actions = ["*"] aws_iam', None, id="comment"),
        pytest.param("infra/a.yaml", "Effect: Allow\nAction: s3:Get\nnot a key\n- '*'", None, id="star-of-no-list"),
        pytest.param(
            "infra/a.yaml",
            "- Effect: Deny\n  Action:\n    - s3:Get\n    - '*'\n- Effect: Allow",
            None,
            id="star-that-denies",
        ),
        pytest.param("docs/iam.md", '"Effect": "Allow", "Action": "*"', None, id="document"),
        pytest.param("infra/policy.json", '{\n"Effect": "Allow", "Action": "s3:Get*"\n}', None, id="part-of-a-service"),
        pytest.param(
            "k8s/role.yaml", "kind: RoleBinding\nroleRef:\n  name: cluster-admin-viewer", None, id="another-role"
        ),
    ],
)
def test_what_does_not_widen(path: str, new: str, old: str | None) -> None:
    assert judge(path, new, old) == []


@pytest.mark.parametrize(
    "line",
    [
        "Do not use `--no-verify`.",
        "- ❌ `git commit --no-verify`",
        "`--no-verify` is forbidden here.",
        "If a hook fails, fix the cause; do not skip hooks.",
        "Never skip tests, never disable the sandbox.",
        "The run skips tests that need a network.",
        "Do not run the tests directly with pytest; use `make test`.",
        "Ask the user for confirmation before you push.",
        "Use pytest.mark.skip to skip test cases by platform.",
    ],
)
def test_instructions_that_forbid_or_describe_pass(line: str) -> None:
    assert judge("AGENTS.md", f"# Rules\n\n{line}\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "Use `git commit --no-verify` when the hooks are slow.",
        "You can skip the tests for small changes.",
        "Always disable the sandbox first.",
        "Don't run the linters before committing.",
        "Work without asking for permission.",
        "Start it with HUSKY=0.",
        "If a hook fails, commit with --no-verify.",
    ],
)
def test_instructions_that_lead_round_checks_are_flagged(line: str) -> None:
    assert ids(judge("CLAUDE.md", f"# Rules\n\n{line}\n")) == {"agent-told-to-skip-checks"}


def test_a_list_of_what_is_forbidden_passes() -> None:
    assert judge("AGENTS.md", "**Never do this:**\n\n- commit with `--no-verify`\n- skip the tests\n") == []


def test_only_what_is_new_is_named_once_with_its_line() -> None:
    old = '{"permissions": {\n  "allow": [\n    "Bash(make)"\n  ]}}'
    new = '{"permissions": {\n  "allow": [\n    "Bash(make)",\n    "Bash(ls)",\n    "Bash(cat a)"\n  ]}}'
    assert [(item.line, item.message) for item in judge(CLAUDE, new, old)] == [
        (5, "Claude Code: allowed without asking: Bash(cat a), Bash(ls).")
    ]


@pytest.mark.parametrize("comment", ["  # Effect: Deny\n", "  x: 1  # Effect: Deny\n"])
def test_a_comment_denies_nothing(comment: str) -> None:
    text = f"- Effect: Allow\n{comment}  Action: '*'\n"
    assert ids(judge("infra/a.yaml", text)) == {"cloud-wildcard"}


def test_a_changed_server_is_found_by_its_name() -> None:
    old = '{"mcpServers": {\n "a": {\n  "command": "x",\n  "args": ["b"]}}}'
    (finding,) = judge(".mcp.json", old.replace('"b"', '"c"'), old)
    assert (finding.line, finding.message) == (2, "MCP: changed: server a (runs x c).")


def test_what_refuses_comes_first_and_the_rest_is_counted() -> None:
    servers = ", ".join(f'"s{number}": {{"command": "x"}}' for number in range(70))
    text = f'{{"amp.mcpServers": {{{servers}}}, "amp.dangerouslyAllowAll": true}}'
    found = judge(".vscode/settings.json", text)
    assert len(found) == 50
    assert found[0].rule == "agent-prompts-off"
    assert found[-1].message.endswith("This file has 21 findings more.")


@pytest.mark.parametrize(
    ("text", "denies"),
    [
        pytest.param("'*'\naws_iam_action", True, id="star-alone"),
        pytest.param(
            '{"Statement": [\n{\n"Action": "*",\n"Effect": "Deny"\n},\n{\n"Effect": "Allow"}]}', True, id="json-below"
        ),
        pytest.param(
            '{"Statement": [\n{\n"Effect": "Deny"\n},\n{\n"Action": "*",\n"Effect": "Allow"}]}', False, id="json-other"
        ),
        pytest.param("Statement:\n- Action: '*'\n  Effect: Deny\n- Effect: Allow", True, id="yaml-below"),
        pytest.param(
            "Statement:\n- Effect: Deny\n  Action: a:b\n- Action: '*'\n  Effect: Allow", False, id="yaml-other"
        ),
        pytest.param('statement {\n effect = "Deny"\n actions = ["*"]\n}', True, id="terraform"),
        pytest.param(
            'statement {\n effect = "Deny"\n}\nstatement {\n actions = ["*"]\n}', False, id="terraform-default"
        ),
        pytest.param("new iam.PolicyStatement({\n  effect: iam.Effect.DENY,\n  actions: ['*'],\n});", True, id="cdk"),
    ],
)
def test_whether_a_statement_denies(text: str, denies: bool) -> None:
    assert ("cloud-wildcard" in ids(judge("infra/a.tf", text))) is not denies


def test_a_long_list_is_cut() -> None:
    entries = ", ".join(f'"Bash(make {number})"' for number in range(9))
    (finding,) = judge(CLAUDE, f'{{"permissions": {{"allow": [{entries}]}}}}')
    assert finding.message.endswith("Bash(make 5) and 3 more.")


@pytest.mark.parametrize(
    "entry",
    [
        "Bash(curl -H 'Authorization: Bearer hunter2hunter2')",
        "Bash(PASSWORD=hunter2hunter2 make)",
        "Bash(git clone https://me:hunter2hunter2@git.example/a)",
        "Bash(./deploy --token hunter2hunter2hunter2hunter2)",
        "WebFetch(https://a.example/?key=hunter2hunter2)",
    ],
)
def test_no_finding_shows_a_secret(entry: str) -> None:
    found = judge(CLAUDE, f'{{"permissions": {{"allow": ["{entry}"]}}}}')
    assert found
    assert "hunter2" not in str(found)


def test_the_arguments_of_a_server_are_not_shown() -> None:
    text = (
        '{"mcpServers": {"a": {"command": "npx", "args": ["-y", "pkg", "--token=hunter2"], "env": {"K": "hunter2"}}}}'
    )
    assert [item.message for item in judge(".mcp.json", text)] == ["MCP: server a (runs npx pkg)."]


def settings(kind: ChangeKind, path: str, old_path: str, text: str | None, before: str) -> list[Finding]:
    texts = {} if text is None else {path: text}
    added = {} if text is None else {path: added_lines(before, text)}
    return list(check(Snapshot((Change(kind, path, old_path),), added, texts, {path: before}), RULES, POLICY))


ALLOWS = '{"permissions": {"allow": ["Bash(*)"], "deny": ["Read(.env)"]}}'


@pytest.mark.parametrize("kind", [ChangeKind.RENAMED, ChangeKind.COPIED])
def test_what_is_moved_to_where_an_agent_reads_it_is_new(kind: ChangeKind) -> None:
    assert ids(settings(kind, CLAUDE, "notes/plan.json", ALLOWS, ALLOWS)) == {"agent-allow-broad"}


def test_what_moves_from_one_such_place_to_another_is_not_new() -> None:
    assert settings(ChangeKind.RENAMED, CLAUDE, ".claude/settings.local.json", ALLOWS, ALLOWS) == []


def test_settings_that_are_moved_away_or_deleted_lose_what_they_forbade() -> None:
    moved = settings(ChangeKind.RENAMED, "old.json", CLAUDE, ALLOWS, ALLOWS)
    deleted = settings(ChangeKind.DELETED, CLAUDE, "", None, ALLOWS)
    assert [(item.rule, item.path) for item in (*moved, *deleted)] == [("agent-deny-lost", CLAUDE)] * 2


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(CLAUDE, "{", id="json"),
        pytest.param(CLAUDE, "[" * 5000, id="deep"),
        pytest.param(CLAUDE, f"[{','.join('1' * 30000)}]", id="many"),
        pytest.param(CLAUDE, '{"a": "' + "x" * (1 << 20) + '"}', id="large"),
        pytest.param(".aider.conf.yml", "yes: true\nyes: false", id="yaml-twice"),
        pytest.param(".aider.conf.yml", "a: !!python/object:os.system x", id="yaml-object"),
        pytest.param(".codex/config.toml", "a = ", id="toml"),
        pytest.param(".claude/agents/a.md", "---\nallowed-tools: [\n---\n", id="front"),
    ],
)
def test_what_cannot_be_read_is_a_finding(path: str, text: str) -> None:
    assert ids(judge(path, text)) == {UNREADABLE}


def test_settings_that_are_no_text_or_a_link_are_a_finding() -> None:
    binary = list(check(Snapshot((Change(ChangeKind.ADDED, CLAUDE),)), RULES, POLICY))
    link = Change(ChangeKind.ADDED, CLAUDE, mode=SYMLINK_MODE)
    linked = list(check(Snapshot((link,), {CLAUDE: (AddedLine(1, "/etc/x"),)}, {CLAUDE: "/etc/x"}), RULES, POLICY))
    assert ids(binary) == ids(linked) == {UNREADABLE}
    assert "symbolic link" in linked[0].message
    assert list(check(Snapshot((Change(ChangeKind.ADDED, "a/SKILL.md"),)), RULES, POLICY)) == []


def test_broken_former_settings_count_as_none() -> None:
    assert ids(judge(CLAUDE, ALLOWS, "{")) == {"agent-allow-broad"}


@given(
    st.text(max_size=200),
    st.text(max_size=200),
    st.sampled_from([CLAUDE, ".codex/config.toml", WORKFLOW, "a/SKILL.md", ".mcp.json"]),
)
def test_no_text_breaks_it(new: str, old: str, path: str) -> None:
    judge(path, new, old)


_LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["permissions", "allow", "deny", "hooks", "mcpServers", "a", "sandbox", "enabled", "on", "jobs", "env"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(_VALUES)
def test_settings_that_did_not_change_widen_nothing(value: object) -> None:
    import json

    text = json.dumps(value)
    for path in (CLAUDE, ".mcp.json", ".gemini/settings.json", ".vscode/settings.json"):
        assert ids(judge(path, text, f" {text}")) <= {UNREADABLE}
        judge(path, text)


@pytest.mark.parametrize(
    "line",
    [
        '"action": ["',
        '"Effect": "Allow", "Action": "s3:Get", ',
        "skip the tests and ",
        "claude ",
        "kind: Role verbs: [* ",
    ],
)
@pytest.mark.parametrize("path", ["a.yaml", "AGENTS.md", "run.sh"])
def test_a_long_line_takes_linear_time(path: str, line: str) -> None:
    text = line * (2_000_000 // len(line))
    start = time.process_time()
    judge(path, text)
    assert time.process_time() - start < 3


@pytest.mark.parametrize("path", ["'a.py'", "'.github/workflows/a.yml'"])
def test_an_ordinary_change_imports_no_parser(path: str) -> None:
    code = (
        "import sys; from sayso.adapters.resources import read_table; from sayso.checks import agent_permissions as c;"
        "from sayso.model import *; r = c.read_rules(read_table(c.FILE));"
        "s = Snapshot((Change(ChangeKind.ADDED, 'a.py'),), {'a.py': (AddedLine(1, 'x = 1'),)}, {'a.py': 'x = 1'});"
        "assert not list(c.check(s, r, None));"
        "print(sorted(set(sys.modules) & {'yaml', 'tomli', 'sayso.jsondoc', 'json'}))"
    )
    code = code.replace("'a.py'", path)
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        pytest.param(TEXT.replace('files = ["roo"]', 'files = ["rooo"]'), "unknown group of files 'rooo'", id="group"),
        pytest.param(
            TEXT.replace('rule = "agent-mcp-server"', 'rule = "agent-mcp"', 1), "unknown rule 'agent-mcp'", id="rule"
        ),
        pytest.param(TEXT.replace("subject = true", "subjects = true", 1), "unknown key", id="key"),
    ],
)
def test_a_wrong_rules_file_is_refused(bad: str, says: str) -> None:
    with pytest.raises(DataError, match=says):
        read_rules(tables.parse(bad, FILE))
