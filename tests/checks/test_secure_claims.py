# ruff: noqa: RUF001 - characters that look alike are the subject
from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import prose
from sayso.checks.secure_claims import Claim, check, find_claims, parse_rules
from sayso.claimrules import ClaimRules, compiled
from sayso.lines import added_lines
from sayso.misread import ENCODED, LOOSE, misread
from sayso.model import Change, ChangeKind, DataError, Rule, Severity, Snapshot

TEXT = (Path(__file__).parents[2] / "rules" / "claims.toml").read_text("utf-8")


@cache
def rules() -> ClaimRules:
    return parse_rules(TEXT)


def found(text: str, context: str = "message") -> list[Claim]:
    return find_claims(text, rules(), context)


def kinds(text: str, context: str = "message") -> set[str]:
    return {claim.kind for claim in found(text, context)}


CLAIMED = {claim.id for claim in rules().claims}
CLAIM_RULES = [rule for rule in rules().rules if rule.id in CLAIMED]


@pytest.mark.parametrize(
    ("rule", "text"),
    [pytest.param(rule.id, text, id=f"{rule.id}-{text[:30]}") for rule in CLAIM_RULES for text in rule.flag],
)
def test_examples_that_are_claims(rule: str, text: str) -> None:
    alone = rules()._replace(claims=tuple(claim for claim in rules().claims if claim.id == rule))
    assert [claim.rule for claim in find_claims(text, alone, "prose")] == [rule]


@pytest.mark.parametrize("text", [pytest.param(text, id=text[:40]) for rule in CLAIM_RULES for text in rule.passes])
def test_examples_that_are_none(text: str) -> None:
    assert found(text, "prose") == []


def test_examples_of_hidden_characters() -> None:
    (rule,) = (rule for rule in rules().rules if rule.id == "hidden-characters")
    assert all(prose.hidden(text) for text in rule.flag)
    assert not any(prose.hidden(text) for text in rule.passes)


MISREAD = [rule for rule in rules().rules if rule.id in {ENCODED, LOOSE}]


@pytest.mark.parametrize("rule", MISREAD, ids=lambda rule: rule.id)
def test_examples_of_what_a_message_says_to_some_only(rule: Rule) -> None:
    assert [{name for name, _, _ in misread(text)} for text in rule.flag] == [{rule.id}] * len(rule.flag)
    assert [text for text in rule.passes if list(misread(text))] == []


@pytest.mark.parametrize("rule", rules().rules, ids=lambda rule: rule.id)
def test_rules_are_explained(rule: Rule) -> None:
    assert all((rule.summary, rule.why, rule.fix, rule.since, rule.flag, rule.passes))
    assert rule.severity in (Severity.ERROR, Severity.WARNING)


def test_every_pattern_compiles() -> None:
    named = [*rules().classes, *rules().tools]
    patterns = [pattern for rule in rules().claims for pattern in rule.patterns]
    patterns += [pattern for guard in rules().guards for pattern in guard.patterns]
    assert all(compiled(pattern) for pattern in (*patterns, *(entry.pattern for entry in named), rules().kept))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("This module is secure.", "general", id="general"),
        pytest.param("No vulnerabilities found.", "general", id="general-none"),
        pytest.param("The view is not vulnerable to SQL injection.", "class", id="class"),
        pytest.param("CodeQL: 0 alerts", "scanner", id="scanner"),
        pytest.param("No secrets found in the diff.", "secrets", id="secrets"),
        pytest.param("No vulnerable dependencies.", "dependencies", id="dependencies"),
        pytest.param("All security tests pass.", "tests", id="tests"),
        pytest.param("Security review: PASS", "review", id="review"),
        pytest.param("Security confidence: 0.92", "confidence", id="confidence"),
        pytest.param("The sandbox is 100 % secure.", "absolute", id="absolute"),
    ],
)
def test_every_kind_is_found(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("- Lint, types, security: all green", id="list"),
        pytest.param("All gates passed (ruff, bandit, mypy)", id="list-of-tools"),
        pytest.param("Speed ✓, Security ✓, Docs ✓", id="ticks"),
        pytest.param("gosec ✓, npm audit ✓", id="ticked-tools"),
        pytest.param("npm audit: 12 alerts -> 0", id="arrow"),
        pytest.param('`pip-audit` → "No known vulnerabilities found"', id="quoted-result"),
        pytest.param("| Security & Privacy | 97% | ✅ COMPLIANT |", id="row"),
        pytest.param("### Payment Security: EXCELLENT", id="heading"),
        pytest.param("Security rose: security score 6.1/10 → 9.2/10", id="score-rises"),
        pytest.param("No new unmapped attack surface in the sign-in form.", id="attack-surface"),
        pytest.param("Attack surface: no change. It only reads the page.", id="attack-surface-label"),
        pytest.param("The importer follows security best practices.", id="best-practices"),
        pytest.param("All actionable security findings resolved", id="all-resolved"),
        pytest.param("Security validations preserved", id="preserved"),
        pytest.param("- ✅ No tracked files contain secrets", id="no-file-with-secrets"),
        pytest.param("SOC 2, HIPAA, GDPR ready (91% done)", id="standards"),
    ],
)
def test_claims_in_other_words(text: str) -> None:
    assert found(text, "prose")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Formatted bandit-rules.yaml without errors", id="file-of-a-tool"),
        pytest.param("fix: load templates safely to pass security audit", id="purpose"),
        pytest.param("CI runs bandit in two passes:", id="passes"),
        pytest.param("### Phase 3: Security Scan Fix ✅", id="task"),
        pytest.param("- ✅ Security documentation is complete", id="documentation"),
        pytest.param("- Implement 100% security test coverage", id="coverage"),
        pytest.param("config=None keeps working (no injection)", id="dependency-injection"),
        pytest.param("- Audited for accessibility: audit clean", id="accessibility"),
        pytest.param("- @acme/security-ops typecheck clean", id="package"),
        pytest.param("| Zero critical vulnerabilities | ❌ FAIL |", id="failed-row"),
        pytest.param("| No new vulnerabilities introduced | [ ] |", id="open-row"),
        pytest.param("□ No SQL injection vulnerabilities", id="open-box"),
        pytest.param("| Security rating | worse than A | no new vulnerabilities |", id="threshold"),
        pytest.param("- Add security-hardened .gitignore entries", id="hardened-thing"),
        pytest.param("- ✅ **Security**: 67% (2/3 planned pages)", id="low-percentage"),
    ],
)
def test_verdicts_on_something_else(text: str) -> None:
    assert found(text, "prose") == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("This is sесurе.", id="cyrillic"),
        pytest.param("This is ｓｅｃｕｒｅ.", id="fullwidth"),
        pytest.param("This is 𝘀𝗲𝗰𝘂𝗿𝗲.", id="mathematical"),
        pytest.param("This is se\u200bcure.", id="zero-width"),
        pytest.param("This is se\u00adcure.", id="soft-hyphen"),
        pytest.param("This is s\u0336e\u0336c\u0336u\u0336r\u0336e\u0336.", id="combining"),
        pytest.param("This is **se**cure.", id="emphasis"),
        pytest.param("This is se<b></b>cure.", id="html"),
        pytest.param("This is &#115;ecure.", id="entity"),
        pytest.param("This is s e c u r e.", id="letter-spaced"),
        pytest.param("Subject\n\nThis\nis\nsecure.", id="wrapped"),
        pytest.param("[This is secure](https://x.example/).", id="link"),
        pytest.param("| Area | State |\n|---|---|\n| Token storage | ✅ SECURE |", id="table"),
        pytest.param("THIS IS SECURE!", id="capitals"),
        pytest.param("- [x] Security review passed", id="ticked"),
        pytest.param("```\nThis is secure.", id="open-fence"),
    ],
)
def test_disguise_does_not_help(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Is this secure?", id="question"),
        pytest.param("This is not secure.", id="negation"),
        pytest.param("This isn't secure.", id="short-negation"),
        pytest.param("TODO: make sure this is secure.", id="todo"),
        pytest.param("- [ ] Security review passed", id="unticked"),
        pytest.param("If the code is secure, merge it.", id="condition"),
        pytest.param("This is secure as long as the key is.", id="condition-after"),
        pytest.param("This should be secure.", id="hedge"),
        pytest.param('The page says "This is secure."', id="quotation"),
        pytest.param("> This is secure.", id="block-quotation"),
        pytest.param("Call `this is secure` here.", id="code-span"),
        pytest.param("```\nThis is secure.\n```", id="fence"),
        pytest.param("Use secure_filename() and is_secure().", id="identifiers"),
        pytest.param("Set the Secure flag of the session cookie.", id="cookie"),
        pytest.param("Use a cryptographically secure random source.", id="random"),
        pytest.param("Enable row level security.", id="row-level"),
        pytest.param("This is safe because the lock is held.", id="thread-safety"),
        pytest.param("Fix an XSS vulnerability in the title.", id="fix"),
        pytest.param("Bump openssl from 3.0.1 to 3.0.2 to fix vulnerabilities", id="bump"),
        pytest.param("Do not claim that the code is secure.", id="instruction"),
        pytest.param("According to upstream, version 2 has no known vulnerabilities.", id="third-party"),
        pytest.param("Severity: Low   Confidence: High", id="scanner-confidence"),
        pytest.param("Never say 100% secure.", id="never-say"),
        pytest.param("`PASS` - No security issues found", id="legend"),
        pytest.param("Approved/Conditional: security review APPROVED/CONDITIONAL/REJECTED", id="choices"),
    ],
)
def test_what_is_no_claim(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "line",
    [
        'console.log("No vulnerabilities found");',
        "assert result == 'No vulnerabilities found'",
        'message: "This is completely secure.",',
        'return "Security: PASS";',
    ],
)
def test_code_in_a_comment_is_no_claim(line: str) -> None:
    assert found(line, "comment") == []


def test_a_class_claim_names_its_weaknesses() -> None:
    (claim,) = found("The view is not vulnerable to SQL injection.")
    assert (claim.kind, claim.cwes) == ("class", (89,))


@pytest.mark.parametrize(
    ("text", "tools"),
    [
        ("semgrep and bandit: no findings", ("semgrep", "bandit")),
        ("`npm audit` reports 0 vulnerabilities.", ("npm-audit",)),
        ("SAST passed", ("sast",)),
        ("Security scan clean", ("scanner",)),
    ],
)
def test_a_scanner_claim_names_its_tools(text: str, tools: tuple[str, ...]) -> None:
    assert [claim.tools for claim in found(text) if claim.kind == "scanner"] == [tools]


def test_one_claim_of_a_kind_for_a_statement_and_the_weightiest() -> None:
    claims = found("No vulnerabilities found, no security issues, and this is secure.")
    assert [(claim.kind, claim.tier) for claim in claims] == [("general", "refuse")]


def test_the_excerpt_is_one_short_line_as_written() -> None:
    (claim,) = found("Subject\n\nThe **module**\nis secure" + " and quick" * 40)
    assert claim.line == 3
    assert claim.text.startswith("The **module** is secure and")
    assert len(claim.text) == 160


def test_a_comment_that_names_a_result_only_warns() -> None:
    assert [found("No vulnerabilities found.", context)[0].tier for context in ("message", "prose", "comment")] == [
        "refuse",
        "refuse",
        "warn",
    ]


SOURCE = '''"""Parse titles.

The parser is
secure.
"""
x = "This is secure."  # Not vulnerable to XSS.
'''


def _added(path: str, old: str | None, new: str) -> list[tuple[str, int, str]]:
    change = Change(ChangeKind.MODIFIED, path)
    snapshot = Snapshot((change,), {path: added_lines(old, new)})
    return [(where, claim.line, claim.kind) for where, claim in check(snapshot, rules(), {path: new})]


def test_check_reads_comments_and_docstrings_of_the_whole_file() -> None:
    assert _added("a.py", None, SOURCE) == [("a.py", 3, "general"), ("a.py", 6, "class")]


def test_check_judges_statements_with_an_added_line_only() -> None:
    assert _added("a.py", SOURCE, SOURCE + "y = 1\n") == []
    assert _added("a.py", SOURCE.replace("secure.\n", "quick.\n", 1), SOURCE) == [("a.py", 3, "general")]


def test_check_passes_over_unknown_types_and_missing_texts() -> None:
    assert _added("a.unknown", None, "# This is secure.") == []
    assert list(check(Snapshot((), {"a.py": added_lines(None, SOURCE)}), rules(), {})) == []


def test_check_reads_documents() -> None:
    assert _added("README.md", None, "# Title\n\nThis is secure.\n") == [("README.md", 3, "general")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schema = 1\nbogus = 2\ngate = []\nkeep_code = ''\n", "unknown key"),
        ("schema = 1\ngate = []\nkeep_code = '{nothing}'\n", "unknown word {nothing}"),
        ("schema = 1\ngate = []\n", "missing key 'keep_code'"),
        ("schema = 1\ngate = []\nkeep_code = ''\n[[rule]]\nid = 'x'\nkind = 'y'\n", "is not one of"),
        (TEXT.replace('ignores = ["hedge-inside"]', 'ignores = ["nothing"]', 1), "no guard is called 'nothing'"),
        (TEXT.replace('contexts = ["message", "prose"]', 'contexts = ["letter"]', 1), "is not one of message"),
    ],
)
def test_a_bad_rules_file_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(DataError, match="x.toml:[0-9]+: .*" + message.replace("{", r"\{")):
        parse_rules(text, "x.toml")


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    for context in ("message", "prose", "comment"):
        for claim in found(f"{text} secure\n{text}", context):
            assert "\n" not in claim.text
            assert len(claim.text) <= 160


@pytest.mark.parametrize(
    "piece",
    [
        "security ", "no known ", "no critical high ", "secure and ", "the code is now ", "semgrep ",
        "0 findings ", "security: ",
        "is fully ", "all security ", "injection ", "security review of a ", "confidence ", "not ", "✅ ",
        "no vulnerabilities in ",
        "没有", "安全", "100 % ", "a, ", "security\n", "- security: \n",
    ],
)  # fmt: skip
def test_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    def spent(length: int) -> float:
        start = time.process_time()
        found("secure " + piece * (length // len(piece)))
        return time.process_time() - start

    spent(2_000)
    small, large = spent(12_000), spent(96_000)
    assert large < max(1.0, small * 40)
