from __future__ import annotations

import os
import subprocess
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.message import Trailer, clean_message, comment_string, loose_lines, loose_trailers, parse_trailers

CUT = "# ------------------------ >8 ------------------------"
CREDIT = "Co-authored-by: Claude <noreply@anthropic.com>"


@pytest.mark.parametrize(
    ("configured", "raw", "expected"),
    [
        pytest.param(None, "", "#", id="absent"),
        pytest.param("", "", "#", id="empty"),
        pytest.param(";", "# text", ";", id="one-character"),
        pytest.param("//", "# text", "//", id="several-characters"),
        pytest.param("auto", "#1 fix\n\n; Please enter\n;\n", ";", id="auto-from-notice"),
        pytest.param(
            "AUTO", "#1 fix\n; ------------------------ >8 ------------------------\n+x", ";", id="auto-from-scissors"
        ),
        pytest.param("auto", "fix\n\nbody", "#", id="auto-no-comment"),
        pytest.param("auto", "fix\n\n#123", "#", id="auto-default"),
        pytest.param("auto", "", "#", id="auto-empty"),
    ],
)
def test_comment_string(configured: str | None, raw: str, expected: str) -> None:
    assert comment_string(configured, raw) == expected


@pytest.mark.parametrize(
    ("raw", "comment", "keep", "expected"),
    [
        pytest.param("a\r\n\r\nb\r\n", "#", False, "a\n\nb\n", id="crlf"),
        pytest.param("a  \n\nb\t", "#", False, "a\n\nb", id="trailing-space"),
        pytest.param("a\n\nb\n# c\n# d\n", "#", False, "a\n\nb\n\n\n", id="comments-blanked"),
        pytest.param("a\n\n# c\nb", "#", False, "a\n\n\nb", id="comment-before-text"),
        pytest.param("a\n\nA: b\n# c\nC: d", "#", False, "a\n\nA: b\n#\nC: d", id="comment-inside-paragraph"),
        pytest.param("a\n #kept", "#", False, "a\n #kept", id="indented-is-no-comment"),
        pytest.param("a\n\n; c\n# kept", ";", False, "a\n\n\n# kept", id="other-character"),
        pytest.param("a\n\n// c\n/ kept", "//", False, "a\n\n\n/ kept", id="several-characters"),
        pytest.param("a\n\n#1 b", "#", True, "a\n\n#1 b", id="kept"),
        pytest.param(f"a\n{CUT}\n# notice\n+x: y", "#", False, "a", id="scissors"),
        pytest.param(f"a\r\n{CUT}\r\n# notice\r\n+x: y", "#", False, "a", id="scissors-crlf"),
        pytest.param(f"a\n{CUT}\n# notice\n+x: y", "#", True, "a", id="scissors-with-notice"),
        pytest.param(f"a\n{CUT}\nstored", "#", True, f"a\n{CUT}\nstored", id="scissors-that-git-ignores"),
        pytest.param(f"a\n{CUT.replace('#', ';')}\nb", ";", False, "a", id="scissors-other-character"),
        pytest.param(f"a\nsee {CUT}", "#", False, f"a\nsee {CUT}", id="scissors-not-at-start"),
        pytest.param("", "#", False, "", id="empty"),
    ],
)
def test_clean_message(raw: str, comment: str, keep: bool, expected: str) -> None:
    assert clean_message(raw, comment, keep) == expected


def _trailers(*lines: str) -> str:
    return "subject\n\nbody\n\n" + "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(_trailers("A: b"), [("A", "b", 5)], id="plain"),
        pytest.param(_trailers("A :b", "C:d"), [("A", "b", 5), ("C", "d", 6)], id="odd-spacing"),
        pytest.param(_trailers("A: b", "  c", "\td"), [("A", "b c d", 5)], id="folded"),
        pytest.param(_trailers("A: b", "#", "C: d"), [("A", "b", 5), ("C", "d", 7)], id="comment-inside"),
        pytest.param(_trailers("Signed-off-by: x", "a", "b", "c"), [("Signed-off-by", "x", 5)], id="quarter"),
        pytest.param(_trailers("A: b", "", "", ""), [("A", "b", 5)], id="blank-tail"),
        pytest.param(_trailers("---", "A: b"), [], id="divider-is-text"),
        pytest.param("s\n\n---\n\nA: b", [("A", "b", 5)], id="divider-does-not-cut"),
    ],
)
def test_parse_trailers(text: str, expected: list[tuple[str, str, int]]) -> None:
    assert list(parse_trailers(text)) == [Trailer(*fields) for fields in expected]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("A: b", id="title"),
        pytest.param("subject\nA: b", id="glued-to-title"),
        pytest.param(_trailers("prose", "A: b"), id="glued-to-prose"),
        pytest.param(_trailers("A: b", "", "prose"), id="earlier-paragraph"),
        pytest.param(_trailers(" A: b"), id="leading-space"),
        pytest.param(_trailers("- A: b"), id="bullet"),
        pytest.param(_trailers("A\uff1a b"), id="full-width-colon"),
        pytest.param(_trailers("A\u200b: b"), id="zero-width"),
        pytest.param(_trailers("Signed-off-by: x", "a", "b", "c", "d"), id="under-a-quarter"),
        pytest.param("", id="empty"),
    ],
)
def test_parse_trailers_finds_nothing(text: str) -> None:
    assert parse_trailers(text) == ()


PIECES = (
    "subject", "Signed-off-by: A <a@b>", "Co-authored-by: X", "Key :v", "Key:v", ": x", "-: y", "a b: c", "prose text",
    "# comment", "#", "(cherry picked from commit abc)", "Conflicts:", "\tfile", " folded", "---", CUT, "\u00e9: x",
    "k\u00a0:v", "a\x0b: b", "a : : b", "x:", "Signed-off-by:", " ", "\t", "", "", "trailing \r", "A: b\r", "\x0c",
    "a\x85b: c",
)  # fmt: skip
BLOCKS = st.lists(st.sampled_from(PIECES) | st.text("aA-: \t#é\u200b", max_size=6), max_size=10)


def git_trailers(text: str, home: str) -> str:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    env = kept | {"HOME": home, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    command = ["git", "interpret-trailers", "--parse", "--no-divider"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True, env=env, cwd=home)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("home"))


@settings(max_examples=250, deadline=None)
@given(lines=BLOCKS, titled=st.booleans())
def test_parse_trailers_equals_git(home: str, lines: list[str], titled: bool) -> None:
    text = "\n".join(["subject", "", *lines] if titled else lines) + "\n"
    ours = "".join(f"{key}: {value}\n" for key, value, _ in parse_trailers(text))
    assert ours == git_trailers(text, home)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(CREDIT, CREDIT, id="plain"),
        pytest.param(f"prose\n{CREDIT}\nprose", CREDIT, id="amid-prose"),
        pytest.param(f"- {CREDIT}", CREDIT, id="bullet"),
        pytest.param(f"# {CREDIT}", CREDIT, id="hash-that-git-stores"),
        pytest.param(f"\u2502 {CREDIT}", CREDIT, id="box"),
        pytest.param(f"  {CREDIT}", CREDIT, id="leading-space"),
        pytest.param(f"**Co-authored-by:** {CREDIT[16:]}", CREDIT, id="bold"),
        pytest.param(CREDIT.replace(":", "\uff1a", 1), CREDIT, id="full-width-colon"),
        pytest.param(CREDIT.replace("-", "\u200b-", 1), CREDIT, id="zero-width"),
        pytest.param(CREDIT.replace("-", " ", 2), CREDIT, id="spaces-in-key"),
        pytest.param(CREDIT.replace(":", "  :\t", 1), CREDIT, id="spaces-around-colon"),
        pytest.param(f"text\\n\\n{CREDIT}", CREDIT, id="literal-line-end"),
        pytest.param(
            "Co-authored-by: Claude noreply@anthropic.com", "Co-authored-by: Claude noreply@anthropic.com", id="bare"
        ),
        pytest.param("Co-authored-by: Claude\n<noreply@anthropic.com>", CREDIT, id="wrapped"),
        pytest.param(f"Squashed commit of the following:\n\ncommit 0123abc\n\n    {CREDIT}", CREDIT, id="squash-log"),
        pytest.param(f"```\n{CREDIT}", CREDIT, id="fence-never-closed"),
        pytest.param(f"```\n~~~\n```\n{CREDIT}", CREDIT, id="fence-within-a-fence"),
        pytest.param(f"    whole\n\n    {CREDIT}", CREDIT, id="all-indented"),
    ],
)
def test_loose_trailers(body: str, expected: str) -> None:
    assert expected in [f"{t.key}: {t.value}" for t in loose_trailers(f"subject\n\n{body}")]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"> {CREDIT}", id="quoted"),
        pytest.param(f"```\n{CREDIT}\n```", id="fenced"),
        pytest.param(f"Such as\n\n    {CREDIT}\n\nand others", id="indented-code"),
        pytest.param(f"`{CREDIT}`", id="backticks"),
        pytest.param(f"Drop {CREDIT} from it", id="mid-line"),
        pytest.param(f'git commit -m "x\\n\\n{CREDIT}"', id="literal-line-end-in-quotes"),
        pytest.param("Co-authored-by:", id="no-value"),
    ],
)
def test_loose_trailers_leaves_out(body: str) -> None:
    assert not [t for t in loose_trailers(f"subject\n\n{body}") if t.key.lower() == "co-authored-by"]


@given(st.text("a:<>-#` \t\n\\n\r\u200b\uff1a", max_size=200))
def test_line_numbers_are_those_of_the_text(raw: str) -> None:
    cleaned = clean_message(raw)
    count = raw.count("\n") + 1
    assert cleaned.count("\n") + 1 <= count
    assert all(1 <= number <= count for number, _ in loose_lines(cleaned))
    assert all(1 <= t.line <= count for t in (*parse_trailers(cleaned), *loose_trailers(cleaned)))


@pytest.mark.parametrize(
    "unit", ["Co-authored-by: ", "- " * 8, "\\n", "a ", "`\\n", "-", "\n    A: b", "A: b\n", " \n", "<", "\u200b"]
)
def test_time_grows_with_size_and_not_faster(unit: str) -> None:
    def seconds(size: int) -> float:
        text = "subject\n\n" + unit * (size // len(unit))
        started = time.process_time()
        clean_message(text)
        parse_trailers(text)
        loose_trailers(text)
        return time.process_time() - started

    seconds(1_000)
    assert seconds(100_000) < 60 * max(seconds(10_000), 0.002)
