from __future__ import annotations

import time
from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from sayso import tables
from sayso.checks.suppressions import check, read_rules
from sayso.lines import added_lines
from sayso.model import Change, ChangeKind, DataError, Finding, Snapshot
from sayso.policy import DEFAULT

TEXT = (Path(__file__).parents[2] / "rules" / "suppressions.toml").read_text(encoding="utf-8")
RULES = read_rules(tables.parse(TEXT, "suppressions.toml"))
DATA = tomli.loads(TEXT)


def snapshot(texts: dict[str, str], before: dict[str, str] | None = None, *, ai: bool = False) -> Snapshot:
    before = before or {}
    changes = tuple(Change(ChangeKind.MODIFIED if path in before else ChangeKind.ADDED, path) for path in texts)
    added = {path: added_lines(before.get(path), text) for path, text in texts.items()}
    return Snapshot(changes, added, texts, before, ai=ai)


def found(texts: dict[str, str], before: dict[str, str] | None = None, *, ai: bool = False) -> list[Finding]:
    return list(check(snapshot(texts, before, ai=ai), RULES, DEFAULT))


def rules_in(texts: dict[str, str], before: dict[str, str] | None = None, *, ai: bool = False) -> list[tuple[str, int]]:
    return [(finding.rule, finding.line) for finding in found(texts, before, ai=ai)]


def of_sample(sample: str, *, ai: bool = False) -> list[Finding]:
    path, _, text = sample.partition(" | ")
    old, changed, new = text.partition(" ~> ")
    return found({path: f"{new}\n"}, {path: f"{old}\n"}) if changed else found({path: f"{text}\n"}, ai=ai)


def samples(table: str, key: str) -> list[object]:
    entries = DATA[table] if table != "rule" else [rule | rule.get("examples", {}) for rule in DATA["rule"]]
    return [pytest.param(e["id"], s, id=f"{e['id']}: {s!a}") for e in entries for s in e.get(key, ())]


@pytest.mark.parametrize(("rule", "sample"), samples("rule", "flag"))
def test_examples_of_rules_are_flagged(rule: str, sample: str) -> None:
    assert rule in [finding.rule for finding in of_sample(sample, ai=rule.endswith("-by-ai"))]


@pytest.mark.parametrize(("rule", "sample"), samples("rule", "pass"))
def test_examples_of_rules_pass(rule: str, sample: str) -> None:
    assert rule not in [finding.rule for finding in of_sample(sample, ai=rule.endswith("-by-ai"))]


@pytest.mark.parametrize(("mark", "sample"), [*samples("mark", "flag"), *samples("config", "flag")])
def test_marks_are_flagged(mark: str, sample: str) -> None:
    findings = of_sample(sample)
    assert [finding.message for finding in findings if mark in finding.message] != []
    assert len({finding.line for finding in findings}) == len(findings)


@pytest.mark.parametrize(("mark", "sample"), [*samples("mark", "pass"), *samples("config", "pass")])
def test_what_only_looks_like_a_mark_passes(mark: str, sample: str) -> None:
    assert [finding.message for finding in of_sample(sample) if mark in finding.message] == []


def test_every_rule_explains_itself() -> None:
    assert [rule.id for rule in RULES.rules if not (rule.flag and rule.passes)] == []
    assert [rule.id for rule in RULES.rules if not (rule.why.endswith(".") and rule.fix.endswith("."))] == []
    assert {mark.id for mark in RULES.marks if not (mark.flag and mark.passes)} == set()
    assert {config.id for config in RULES.configs if not (config.flag and config.passes)} == set()


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        pytest.param("run(x)  # nosec", "suppression-blanket", id="nosec"),
        pytest.param("run(x)  # nosec - we trust the caller", "suppression-blanket", id="a reason names no rule"),
        pytest.param("run(x)  # nosec B603", "suppression-unexplained", id="rule"),
        pytest.param("run(x)  # nosec B603, B607 -- fixed argument list", "suppression-explained", id="rules, reason"),
        pytest.param("run(x)  # noqa: S603  # fixed argument list", "suppression-explained", id="reason in a comment"),
        pytest.param("run(x)  # fixed argument list  # noqa: S603", "suppression-explained", id="reason before"),
        pytest.param("run(x)  # type: ignore  # noqa: S603", "suppression-unexplained", id="marks are no reason"),
        pytest.param("run(x)  # noqa: S603 ok", "suppression-unexplained", id="a word is no reason"),
        pytest.param("k = 'x'  # gitleaks:allow", "suppression-unexplained", id="no rule to name"),
        pytest.param("k = 'x'  # gitleaks:allow -- sample of the manual", "suppression-explained", id="reason alone"),
        pytest.param("x = 1  # type: ignore", "lint-silenced", id="lint"),
        pytest.param("eval(x)  # pylint: disable=eval-used", "suppression-unexplained", id="pylint, security"),
    ],
)
def test_a_mark_is_weighed_by_rule_and_reason(line: str, rule: str) -> None:
    assert rules_in({"a.py": f"{line}\n"}) == [(rule, 1)]


def test_what_stood_there_before_is_not_new() -> None:
    old = "a()\nb()  # nosec\n"
    assert rules_in({"a.py": f"c()\n{old}"}, {"a.py": old}) == []


def test_a_line_that_moved_is_not_new() -> None:
    old = "b()  # nosec\nx()\ny()\nz()\n"
    assert rules_in({"a.py": "x()\ny()\nz()\nif a:\n    b()  # nosec\n"}, {"a.py": old}) == []
    assert rules_in({"a.py": "x()\n", "b.py": "b()  # nosec\n"}, {"a.py": old}) == []


def test_a_line_that_is_there_once_more_is_new() -> None:
    old = "b()  # nosec\nx()\n"
    assert rules_in({"a.py": f"{old}b()  # nosec\n"}, {"a.py": old}) == [("suppression-blanket", 3)]


def test_a_silenced_line_that_is_edited_is_new() -> None:
    assert rules_in({"a.py": "b(user)  # nosec\n"}, {"a.py": "b()  # nosec\n"}) == [("suppression-blanket", 1)]


def test_one_mark_traded_for_a_wider_one_is_new() -> None:
    new, old = "# nosec\nb()\n", "b()  # nosec B603\n"
    assert rules_in({"a.py": new}, {"a.py": old}) == [("suppression-blanket", 1)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("README.md", "Use `# nosec` and // NOSONAR.\n", id="document"),
        pytest.param("a.py", 's = """\n# nosec\n"""\n', id="string over lines"),
        pytest.param("a.py", 'def f():\n    """Do not write # noqa here."""\n', id="docstring"),
        pytest.param("a.js", "const s = `\n// eslint-disable\n`\n", id="template literal"),
        pytest.param("notes.txt", "it.skip('x')\n", id="notes"),
    ],
)
def test_strings_and_prose_silence_nothing(path: str, text: str) -> None:
    assert rules_in({path: text}) == []


def test_two_marks_on_a_line_are_one_finding() -> None:
    assert rules_in({"a.py": "f()  # type: ignore # nosec # nosemgrep\n"}) == [("suppression-blanket", 1)]


def test_many_of_a_kind_are_one_finding_with_a_count() -> None:
    (finding,) = found({"a.py": "".join(f"f({n})  # nosec\n" for n in range(9))})
    assert finding.message.endswith("; and 8 more in this file (line 2, 3, 4, 5, 6 and 3 others)")


def test_entries_of_a_configuration_are_one_finding() -> None:
    (finding,) = found({".semgrepignore": "# folders\na/\nb/\nc/\n"})
    assert (finding.rule, finding.line) == ("scanner-config-widened", 2)
    assert finding.message.endswith("; and 2 more in this file (line 3, 4)")


def test_a_coding_tool_that_silences_is_a_finding_for_each_file() -> None:
    texts = {"a.py": "f()  # nosec\ng()  # nosec B1\n", "b.py": "x = 1\n", "c.py": "f()  # type: ignore\n"}
    findings = [finding for finding in found(texts, ai=True) if finding.rule == "suppression-by-ai"]
    assert [(finding.path, finding.line, finding.severity) for finding in findings] == [("a.py", 0, "warning")]
    assert "2 checks here (line 1, 2): a person should look" in findings[0].message
    assert "suppression-by-ai" not in [finding.rule for finding in found(texts)]


@pytest.mark.parametrize(
    ("path", "text", "rule"),
    [
        pytest.param(".gitleaks.toml", "[allowlist]\nregexes = [\n  '''^.*$''',\n]\n", "allowlist-matches-everything"),
        pytest.param(".gitleaks.toml", "[[rules.allowlists]]\npaths = ['(?i)(.+)']\n", "allowlist-matches-everything"),
        pytest.param(".gitleaks.toml", "[allowlist]\nregexes = ['a|.*']\n", "allowlist-matches-everything"),
        pytest.param(".pre-commit-config.yaml", "repos: []\nexclude: ''\n", "allowlist-matches-everything"),
        pytest.param(".pre-commit-config.yaml", "files: ^$\n", "allowlist-matches-everything"),
        pytest.param("ruff.toml", 'extend-exclude = ["**/*"]\n', "allowlist-matches-everything"),
        pytest.param("sonar-project.properties", "sonar.exclusions=a.js,**/*\n", "allowlist-matches-everything"),
        pytest.param(".gitleaks.toml", "[allowlist]\nregexes = ['''EXAMPLE.*''']\n", "scanner-config-widened"),
        pytest.param(".semgrepignore", "*.min.js\n", "scanner-config-widened"),
    ],
)
def test_an_exception_is_judged_by_what_it_matches(path: str, text: str, rule: str) -> None:
    assert [finding for finding, _ in rules_in({path: text})] == [rule]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param(
            ".gitleaks.toml", "[allowlist]\nregexes = ['''(?i)(?:access|" + "a-z|" * 300 + "x)''']\n", id="long"
        ),
        pytest.param(".gitleaks.toml", "[allowlist]\nregexes = ['''[^:]+:\\$(?:\\d|\\w+|x)y''']\n", id="in a group"),
        pytest.param(".gitleaks.toml", "[allowlist]\nregexes = ['''a[.|*]b''']\n", id="in a class"),
        pytest.param(".gitleaks.toml", "[allowlist]\nregexes = ['''(a|b)c(.*)d''']\n", id="two groups"),
        pytest.param(".gitleaks.toml", "[allowlist]\nregexes = ['''^\\w+$''']\n", id="anchored words"),
        pytest.param(".gitleaks.toml", "[allowlist]\nregexes = [\n'''^.*a$''']\n", id="an end"),
        pytest.param(".snyk", "ignore:\n  SNYK-JS-1:\n    - '*':\n        reason: none\n", id="all ways to one"),
        pytest.param("gen/.gitattributes", "* linguist-generated\n", id="a folder of its own"),
        pytest.param(".pre-commit-config.yaml", "exclude: ^(a|b)/.*\n", id="folders"),
    ],
)
def test_what_matches_something_does_not_refuse(path: str, text: str) -> None:
    assert {finding for finding, _ in rules_in({path: text})} == {"scanner-config-widened"}


def test_only_what_matches_everything_refuses() -> None:
    errors = {rule.id for rule in RULES.rules if rule.severity == "error"}
    assert errors == {"allowlist-matches-everything"}


def test_a_lowered_limit_of_coverage_is_flagged() -> None:
    old = "[tool.coverage.report]\nfail_under = 90\n"
    (finding,) = found({"pyproject.toml": old.replace("90", "85")}, {"pyproject.toml": old})
    assert (finding.rule, finding.line, finding.message) == (
        "coverage-threshold-lowered",
        2,
        "fail_under falls from 90 to 85",
    )
    assert found({"pyproject.toml": old.replace("90", "95")}, {"pyproject.toml": old}) == []
    assert found({"pyproject.toml": old}) == []


def test_the_baseline_may_shrink_and_not_grow() -> None:
    entry = "0123456789ab 01234567 code-x a.py -- a reason\n"
    other = entry.replace("a.py", "b.py")
    assert rules_in({"sayso.baseline": other}, {"sayso.baseline": entry + entry}) == []
    assert rules_in({"sayso.baseline": entry + other}, {"sayso.baseline": entry}) == [("scanner-config-widened", 2)]


def test_a_symbolic_link_holds_no_marks() -> None:
    text = "x # nosec\n"
    change = Change(ChangeKind.ADDED, "a.py", mode="120000")
    assert list(check(Snapshot((change,), {"a.py": added_lines(None, text)}, {"a.py": text}), RULES, DEFAULT)) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# nosec " * 30_000, id="marks on one line"),
        pytest.param("# noqa: " + "S1," * 50_000, id="codes"),
        pytest.param("it.skip(" + " " * 100_000, id="blanks"),
        pytest.param(("[" * 500 + "\n") * 300, id="brackets"),
        pytest.param("exclude:\n" + "".join(f"{' ' * (n % 200)}- a\n" for n in range(20_000)), id="depth"),
        pytest.param("pytest " + "x" * 100_000 + " || tru", id="a command without an end"),
        pytest.param("run  # nosec\n" * 20_000, id="many lines"),
        pytest.param("    pytest.skip('x')\n" * 20_000, id="many tests"),
    ],
)
@pytest.mark.parametrize("path", ["a.py", "a.test.ts", "ci.yml", ".pre-commit-config.yaml", ".gitattributes"])
def test_hostile_text_costs_little(path: str, text: str) -> None:
    sample = snapshot({path: text})
    start = time.process_time()
    list(check(sample, RULES, DEFAULT))
    assert time.process_time() - start < 1.5


@given(st.text(max_size=300), st.sampled_from(["a.py", ".gitleaks.toml", ".pre-commit-config.yaml", ".snyk", "a.ts"]))
def test_any_text_is_read(text: str, path: str) -> None:
    for finding in found({path: text}, ai=True):
        assert 0 <= finding.line <= text.count("\n") + 1
        assert finding.path == path


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(DataError, match=r"suppressions.toml:\d+: mark: "):
        read_rules(tables.parse(TEXT.replace("\ngate = [", "\ngates = [", 1), "suppressions.toml"))


def test_what_concerns_nothing_costs_nothing() -> None:
    sample = snapshot({f"src/a{n}.py": "value = compute(first, second)\n" * 200 for n in range(5)})
    list(check(sample, RULES, DEFAULT))
    start = time.process_time()
    for _ in range(10):
        list(check(sample, RULES, DEFAULT))
    assert (time.process_time() - start) / 10 < 0.005
