from __future__ import annotations

import html
import re
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model import CheckResult, Finding, Outcome, Severity, Skipped
from sayso.reports import workflow
from sayso.reports.safe import visible

ERROR = Finding("python-one", "src/a.py", 3, "It is bad: 100 %, really.", Severity.ERROR, (("fix", "Do\nthis"),))


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    message: str


def unescaped(text: str, *, inner: bool) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), *((("%3A", ":"), ("%2C", ",")) if inner else ()), ("%25", "%")):
        text = text.replace(code, char)
    return text


def parsed(line: str) -> Command | None:
    """Read a line as a runner does: first the form with colons, at its beginning, then the older one, anywhere."""
    trimmed = line.lstrip()
    if trimmed.startswith("::") and "::" in trimmed[2:]:
        head, _, message = trimmed[2:].partition("::")
        name, _, rest = head.partition(" ")
        pairs = (pair.partition("=") for pair in rest.split(",") if pair.strip())
        return Command(
            name,
            {key.strip(): unescaped(value, inner=True) for key, _, value in pairs},
            unescaped(message, inner=False),
        )
    found = re.search(r"##\[([^\]]+)\]", line)
    return Command(found[1], {}, "") if found else None


def commands(results: list[CheckResult]) -> list[Command]:
    lines = workflow.render(results).split("\n")
    assert lines.pop() == ""
    read = [parsed(line) for line in lines]
    return [command for command in read if command is not None] if None not in read else []


GOLDEN = [
    pytest.param(
        [], "::notice title=sayso::passed: 0 errors, 0 warnings, 0 notices; 0 checks reported\n", id="nothing"
    ),
    pytest.param(
        [CheckResult("code-scan", Outcome.FOUND, (ERROR,), 1)],
        "::error file=src/a.py,line=3,title=python-one::It is bad: 100 %25, really.%0Afix: Do%0Athis\n"
        "::notice title=sayso::refused: 1 error, 0 warnings, 0 notices; 1 check reported\n",
        id="error",
    ),
    pytest.param(
        [
            CheckResult(
                "secure-claims",
                Outcome.FOUND,
                (
                    Finding("claim-note", "", 0, "Noted.", Severity.NOTE),
                    Finding("claim-x", "", 2, "Odd.", Severity.WARNING, (("commit", "a" * 40), ("next", "sayso x"))),
                ),
            )
        ],
        f"::warning title=claim-x::commit {'a' * 12}: Odd.%0Anext: sayso x\n"
        "::notice title=claim-note::Noted.\n"
        "::notice title=sayso::passed: 0 errors, 1 warning, 1 notice; 1 check reported\n",
        id="message",
    ),
    pytest.param(
        [CheckResult("code-scan", Outcome.INCONCLUSIVE, skipped=(Skipped("a,b:c.py", "too large", blocks=True),))],
        "::error file=a%2Cb%3Ac.py,title=code-scan::not examined: too large\n"
        "::notice title=sayso::could not decide (code-scan): 0 errors, 0 warnings, 0 notices; 1 check reported\n",
        id="not-examined",
    ),
    pytest.param(
        [CheckResult("code-scan", Outcome.INCONCLUSIVE, notes=("semgrep is not installed",))],
        "::error title=code-scan::could not decide: semgrep is not installed\n"
        "::notice title=sayso::could not decide (code-scan): 0 errors, 0 warnings, 0 notices; 1 check reported\n",
        id="undecided",
    ),
]


@pytest.mark.parametrize(("results", "expected"), GOLDEN)
def test_render(results: list[CheckResult], expected: str) -> None:
    assert workflow.render(results) == expected


@pytest.mark.parametrize("severity", Severity)
def test_what_a_runner_would_not_show_is_counted(severity: Severity) -> None:
    findings = tuple(ERROR._replace(line=number, severity=severity) for number in range(1, 26))
    read = commands([CheckResult("code-scan", Outcome.FOUND, findings)])
    left = 25 - len(read) + 1
    assert f"; {left} more than a runner shows" in read[-1].message
    for name in ("error", "warning", "notice"):
        assert sum(command.name == name for command in read) <= workflow.MOST


ATTACKS = (
    *("::set-output name=a::b", "\n::error::x", "\r::add-mask::x", "%0A::error::x", "a::b", "##[add-mask]x"),
    *("###[group]", "\x1b]8;;http://a\x07", "\u2028::stop-commands::x", "file=a,line=1", "\x85::debug::x", "\udce9"),
)
PARTS = st.sampled_from([*ATTACKS, "%", ":", ",", "\n"])
TEXT = st.one_of(st.text(max_size=30), st.lists(PARTS, max_size=4).map("".join))
FINDING = st.builds(
    Finding,
    TEXT,
    TEXT,
    st.integers(0, 9),
    TEXT,
    st.sampled_from(list(Severity)),
    st.builds(lambda text: (("next", text),), TEXT),
)


@given(FINDING, TEXT, TEXT)
def test_whatever_the_text_a_line_is_one_command_and_says_what_was_meant(found: Finding, path: str, text: str) -> None:
    skipped = Skipped(path, text, blocks=True)
    results = [CheckResult("a", Outcome.INCONCLUSIVE, (found,), 1, (skipped,)), CheckResult(text, Outcome.CLEAR)]
    output = workflow.render(results)
    assert len(output.splitlines()) == output.count("\n") == 3
    assert visible(output.replace("\n", "")) == output.replace("\n", "")
    read = commands(results)
    level = {"error": "error", "warning": "warning", "note": "notice"}[found.severity]
    place = {"file": tame(found.path)} if found.path else {}
    line = {"line": str(found.line)} if found.path and found.line else {}
    title = {"title": tame(found.rule)} if found.rule else {}
    assert Command(level, {**place, **line, **title}, expected(found)) in read
    unread = {"file": tame(path)} if path else {}
    assert Command("error", {**unread, "title": "a"}, lines_of(f"not examined: {text}")) in read
    assert read[-1].properties == {"title": "sayso"}


def tame(text: str) -> str:
    return visible(text).replace("##[", r"##\x5b")


def lines_of(text: str) -> str:
    return "\n".join(tame(part) for part in text.split("\n"))


def expected(found: Finding) -> str:
    following = dict(found.detail)["next"]
    return lines_of(f"{found.message}\nnext: {following}" if following else found.message)


def test_a_long_message_is_cut() -> None:
    read = commands([CheckResult("a", Outcome.FOUND, (ERROR._replace(message="x" * 100_000),))])
    assert len(read[0].message) == 2000


def test_summary() -> None:
    results = [CheckResult("code-scan", Outcome.FOUND, (ERROR,), 1, notes=("1 suppressed",))]
    assert workflow.summary(results, "Sayso") == (
        "## Sayso\n\n"
        "refused&#58; 1 error&#44; 0 warnings&#44; 0 notices&#59; 1 check reported\n\n"
        "| | where | rule | what |\n|---|---|---|---|\n"
        "| error | src&#47;a&#46;py&#58;3 | python&#45;one | It is bad&#58; 100 &#37;&#44; really&#46; |\n\n"
        "- 1 suppressed\n"
    )


def test_a_summary_without_findings_has_no_table() -> None:
    assert "|" not in workflow.summary([CheckResult("code-scan", Outcome.CLEAR)], "Sayso")


def test_a_summary_is_bounded() -> None:
    findings = tuple(ERROR._replace(message="|" * 10_000) for _ in range(1000))
    text = workflow.summary([CheckResult("code-scan", Outcome.FOUND, findings)], "Sayso")
    assert len(text) < 1 << 19
    assert "… and 900 more." in text


@given(TEXT, TEXT, TEXT)
def test_whatever_the_text_a_summary_has_our_markup_and_no_other(rule: str, path: str, message: str) -> None:
    result = CheckResult("a", Outcome.FOUND, (Finding(rule, path, 0, message, Severity.ERROR),), notes=(message,))
    lines = workflow.summary([result], path).split("\n")
    assert len(lines) == 10
    row = lines[6].split("|")
    assert len(row) == 6
    assert html.unescape(row[2]).strip() == visible(path).strip()
    assert not re.search(r"[^\w |&#;-]", "".join((lines[0][3:], lines[6], lines[8][2:])))
