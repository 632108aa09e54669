from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model import CheckResult, Finding, Outcome, Severity, Skipped
from sayso.reports import text
from sayso.reports.safe import visible

FIX = (("fix", "Do this:\n\n    that()"),)
ERROR = Finding("python-one", "a.py", 3, "It is bad. (CWE-1)", Severity.ERROR, FIX)

GOLDEN = [
    pytest.param(
        CheckResult("code-scan", Outcome.CLEAR, examined=2, evidence=("a" * 64, "b" * 64)),
        "code-scan: nothing found (2 examined; evidence aaaaaaaaaaaa, bbbbbbbbbbbb)\n",
        id="clear",
    ),
    pytest.param(
        CheckResult("code-scan", Outcome.CLEAR, examined=1), "code-scan: nothing found (1 examined)\n", id="one"
    ),
    pytest.param(
        CheckResult("code-scan", Outcome.NOT_APPLICABLE),
        "code-scan: nothing here for this check to examine\n",
        id="nothing",
    ),
    pytest.param(
        CheckResult("code-scan", Outcome.CLEAR, examined=6, evidence=tuple(char * 64 for char in "abcdef")),
        "code-scan: nothing found "
        "(6 examined; evidence aaaaaaaaaaaa, bbbbbbbbbbbb, cccccccccccc, dddddddddddd and 2 more)\n",
        id="much-evidence",
    ),
    pytest.param(
        CheckResult(
            "code-scan",
            Outcome.FOUND,
            (
                Finding("note", "", 0, "Known.", Severity.NOTE),
                Finding("warn", "b.py", 9, "Odd.", Severity.WARNING),
                ERROR,
                ERROR._replace(line=7),
            ),
            1,
            (Skipped("c.py", "too large", blocks=True), Skipped("d.go", "no rules", blocks=False)),
            (),
            ("1 suppressed",),
        ),
        """\
code-scan: REFUSED: 2 reasons (1 examined)
  a.py:3: error: [python-one] It is bad. (CWE-1)
      fix: Do this:
           \n               that()
  a.py:7: error: [python-one] It is bad. (CWE-1)
  b.py:9: warning: [warn] Odd.
  commit message: note: [note] Known.
  c.py: not examined: too large
  1 not this check's business: d.go: no rules
  1 suppressed
""",
        id="everything",
    ),
    pytest.param(
        CheckResult("code-scan", Outcome.INCONCLUSIVE, skipped=(Skipped("c.py", "too large", blocks=True),)),
        "code-scan: COULD NOT DECIDE (nothing examined)\n  c.py: not examined: too large\n",
        id="undecided",
    ),
    pytest.param(
        CheckResult(
            "secure-claims",
            Outcome.FOUND,
            (
                Finding(
                    "claim-x",
                    "",
                    2,
                    "unsupported",
                    Severity.ERROR,
                    (("raised", "AI-marked"), ("next", "sayso code-scan")),
                ),
            ),
            1,
        ),
        """\
secure-claims: REFUSED: 1 reason (1 examined)
  commit message:2: error: [claim-x] unsupported
      a warning, raised because the commit carries the mark of a coding tool
      next: sayso code-scan
""",
        id="claim",
    ),
    pytest.param(
        CheckResult("x", Outcome.FOUND, (Finding("r", "a", 1, "m", Severity.WARNING),), 1),
        "x: flagged: 1 place to look at (1 examined)\n  a:1: warning: [r] m\n",
        id="flagged",
    ),
    pytest.param(
        CheckResult("x", Outcome.CLEAR, (Finding("r", "a", 1, "m", Severity.NOTE),), 1),
        "x: passed (1 examined)\n  a:1: note: [r] m\n",
        id="noted",
    ),
]


@pytest.mark.parametrize(("result", "expected"), GOLDEN)
def test_golden(result: CheckResult, expected: str) -> None:
    assert text.render([result]) == expected


def test_results_come_one_after_the_other() -> None:
    noted = [CheckResult(name, Outcome.CLEAR, examined=1, notes=("a note",)) for name in ("one", "two")]
    assert text.render(noted) == text.render(noted[:1]) + text.render(noted[1:])
    assert text.render([]) == ""


def test_several_results_with_nothing_to_say_take_one_line() -> None:
    quiet = [CheckResult("one", Outcome.CLEAR, examined=1), CheckResult("two", Outcome.NOT_APPLICABLE)]
    loud = CheckResult("three", Outcome.CLEAR, examined=1, notes=("a note",))
    assert text.render([quiet[0], loud, quiet[1]]) == (
        "nothing found: one (1 examined), two (nothing to examine)\n" + text.render([loud])
    )


def test_long_lists_are_cut_and_say_so() -> None:
    findings = tuple(ERROR._replace(line=number) for number in range(1, 31))
    skipped = tuple(Skipped(f"{number}.py", "r", blocks=True) for number in range(25))
    others = tuple(Skipped(f"{number}.md", "r", blocks=False) for number in range(9))
    shown = text.render([CheckResult("x", Outcome.FOUND, findings, 1, (*skipped, *others))])
    assert shown.count("[python-one]") == 20
    assert "  … and 10 more: --format json lists all\n" in shown
    assert shown.count("not examined: r") == 20
    assert "  … and 5 more not examined\n" in shown
    assert "  9 not this check's business: 0.md: r; 1.md: r; 2.md: r and 6 more\n" in shown


def test_errors_are_never_cut_in_favour_of_notes() -> None:
    notes = tuple(Finding("note", "a", 1, "m", Severity.NOTE) for _ in range(50))
    assert "[python-one]" in text.render([CheckResult("x", Outcome.FOUND, (*notes, ERROR), 1)])


UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
ANY = st.text(st.characters(codec=None), max_size=30) | st.text(
    "\x1b[2J\u202e\u2066\r\n\x07\x9b\udcff\u200b", max_size=8
)


@given(st.tuples(ANY, ANY, ANY, ANY, ANY, ANY))
def test_nothing_that_a_terminal_obeys_reaches_it(fields: tuple[str, str, str, str, str, str]) -> None:
    path, message, reason, note, fix, following = fields
    finding = Finding("rule-id", path, 1, message, Severity.ERROR, (("fix", fix), ("next", following)))
    skipped = (Skipped(path, reason, blocks=True), Skipped(path, reason, blocks=False))
    shown = text.render([CheckResult("hook", Outcome.FOUND, (finding,), 1, skipped, ("a" * 64,), (note,))])
    assert not UNSAFE.search(shown)
    heads = ("hook: ", "  ")
    assert all(line.startswith(heads) for line in shown.splitlines())


@given(ANY)
def test_visible_is_one_safe_line(value: str) -> None:
    shown = visible(value)
    assert not UNSAFE.search(shown)
    assert "\n" not in shown
    shown.encode("utf-8")


@pytest.mark.parametrize("value", ["", "plain", "caf\u00e9", "\u3042", "a b", "\\x1b", "\U0001f512"], ids=ascii)
def test_visible_leaves_text_alone(value: str) -> None:
    assert visible(value) == value


def test_what_was_examined_in_part_is_named_apart() -> None:
    gaps = tuple(Skipped(f"{number}.c", "semgrep cannot parse it", blocks=False, partly=True) for number in range(22))
    said = text.render([CheckResult("code-scan", Outcome.CLEAR, examined=22, skipped=gaps)])
    assert "  0.c: examined in part: semgrep cannot parse it\n" in said
    assert "  … and 2 more examined in part\n" in said
    assert "not this check's business" not in said
