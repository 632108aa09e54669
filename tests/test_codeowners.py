"""Who owns a path, by the examples of GitHub's documentation in our words, and by what people get wrong."""

from __future__ import annotations

import fnmatch
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.codeowners import MOST_BYTES, MOST_RULES, parse
from sayso.model import DataError

DOCUMENTED = r"""
# the default, unless a later line fits
*       @all-one @all-two

*.js    @scripts #an inline comment
*.go    someone@example.org
*.txt @octo-org/writers
/build/logs/ @logs
docs/*  direct@example.org
apps/ @apps
/docs/ @docs
/scripts/ @one @two
**/logs @everylog
/apps/ @octo
/apps/github
/with\ space/ @space
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("README", ("@all-one", "@all-two")),
        ("deep/down/README", ("@all-one", "@all-two")),
        ("a.js", ("@scripts",)),
        ("src/lib/a.js", ("@scripts",)),
        ("a.jsx", ("@all-one", "@all-two")),
        ("cmd/main.go", ("someone@example.org",)),
        ("notes.txt", ("@octo-org/writers",)),
        ("build/logs/x.bin", ("@everylog",)),
        ("build/logs/deep/x.bin", ("@everylog",)),
        ("sub/docs/x.bin", ("@all-one", "@all-two")),
        ("docs/x.bin", ("@docs",)),
        ("docs/sub/x.bin", ("@docs",)),
        ("scripts/a.sh", ("@one", "@two")),
        ("sub/scripts/a.sh", ("@all-one", "@all-two")),
        ("deeply/nested/logs/x", ("@everylog",)),
        ("logs", ("@everylog",)),
        ("apps/x", ("@octo",)),
        ("apps/github/x", ()),
        ("sub/apps/x", ("@apps",)),
        ("apps", ("@all-one", "@all-two")),
        ("with space/x", ("@space",)),
    ],
)
def test_documented_examples(path: str, owners: tuple[str, ...]) -> None:
    found = parse(DOCUMENTED, "CODEOWNERS")
    assert found.problems == ()
    assert found.owners(path) == owners


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        pytest.param("*", ["a", "a/b"], [], id="everything"),
        pytest.param("/*", ["a"], ["a/b"], id="files-at-the-top"),
        pytest.param("docs/*", ["docs/a"], ["docs/a/b", "x/docs/a", "docs"], id="files-of-a-folder"),
        pytest.param("docs/**", ["docs/a", "docs/a/b"], ["docs", "x/docs/a"], id="all-of-a-folder"),
        pytest.param("docs/**/*", ["docs/a", "docs/a/b"], ["docs"], id="all-of-a-folder-otherwise"),
        pytest.param("docs/", ["docs/a", "x/docs/a/b"], ["docs", "docsx/a"], id="folder-anywhere"),
        pytest.param("/docs/", ["docs/a/b"], ["x/docs/a", "docs"], id="folder-at-the-top"),
        pytest.param("docs/guide/", ["docs/guide/a"], ["x/docs/guide/a"], id="inner-slash-ties-to-the-top"),
        pytest.param("docs", ["docs", "docs/a", "x/docs/a"], ["docsx", "xdocs"], id="name-anywhere"),
        pytest.param("/docs", ["docs", "docs/a"], ["x/docs"], id="name-at-the-top"),
        pytest.param("*.md", ["a.md", "x/a.md", "x.md/a", ".md"], ["a.mdx", "amd"], id="suffix"),
        pytest.param("/src/*.py", ["src/a.py"], ["src/x/a.py", "a.py"], id="suffix-in-a-folder"),
        pytest.param(
            "src/**/test_*.py", ["src/test_a.py", "src/x/y/test_.py"], ["test_a.py", "src/atest_.py"], id="middle"
        ),
        pytest.param("**/a/b", ["a/b", "x/a/b", "x/y/a/b/c"], ["a/x/b"], id="leading-double-star"),
        pytest.param("a/**/b", ["a/b", "a/x/b", "a/x/y/b/c"], ["x/a/b", "a/bx"], id="inner-double-star"),
        pytest.param("a/**/b/**/c", ["a/b/c", "a/b/b/x/c", "a/c/b/c"], ["a/c/b", "a/b"], id="two-double-stars"),
        pytest.param("**", ["a", "a/b"], [], id="double-star"),
        pytest.param("ab*ba", ["abba", "abxba"], ["aba", "ab"], id="ends-do-not-overlap"),
        pytest.param("a*b*c", ["abc", "axbxbxc"], ["acb", "ab"], id="two-stars"),
        pytest.param("?.py", ["a.py"], ["ab.py", ".py"], id="question-mark"),
        pytest.param("a\\*b", ["a*b"], ["axb"], id="escaped-star"),
        pytest.param("a\\ b", ["a b"], ["ab"], id="escaped-space"),
        pytest.param("a.b", ["a.b"], ["axb"], id="dot-is-a-dot"),
        pytest.param("a+(b)$", ["a+(b)$"], ["aa(b)"], id="no-regular-expression"),
        pytest.param("Docs/", ["Docs/a"], ["docs/a"], id="case-counts"),
        pytest.param("/", [], ["a", "a/b"], id="a-lone-slash"),
        pytest.param("a#b", ["a#b"], ["a"], id="hash-in-a-name"),
        pytest.param("ümlaut/", ["ümlaut/a"], ["umlaut/a"], id="beyond-ascii"),
        pytest.param("*.pem", ["a\nb.pem"], [], id="newline-in-a-name"),
    ],
)
def test_patterns(pattern: str, fitting: list[str], others: list[str]) -> None:
    found = parse(f"{pattern} @x\n", "CODEOWNERS")
    assert found.problems == ()
    assert [path for path in fitting if not found.owners(path)] == []
    assert [path for path in others if found.owners(path)] == []


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("!a @x", id="negation"),
        pytest.param("[ab].py @x", id="range"),
        pytest.param("a[b @x", id="bracket"),
        pytest.param("\\#a @x", id="escaped-hash"),
        pytest.param("a*** @x", id="three-stars"),
        pytest.param("a someone", id="no-owner"),
        pytest.param("a @", id="lone-at"),
        pytest.param("a @x/", id="no-team"),
        pytest.param("a @x @y,@z", id="comma"),
        pytest.param("a <rita@example.org>", id="angle-brackets"),
        pytest.param(f"a{'x' * 1001} @x", id="long"),
        pytest.param(f"{'*a' * 30} @x", id="stars"),
        pytest.param("a " + "@x " * 300, id="many-owners"),
        pytest.param("[Section] someone", id="section"),
    ],
)
def test_a_bad_line_is_skipped_and_named(line: str) -> None:
    found = parse(f"* @default\n\n{line}\n", "CODEOWNERS")
    assert [problem.line for problem in found.problems] == [3]
    assert len(found.problems[0].message) < 200
    assert found.owners("a") == ("@default",)


SECTIONS = """\
* @all

[Docs] @writers
docs/
README.md @rita

^[Tests][2] @testers @qa
*_test.py

[docs]
docs/legal/ @legal
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("a.py", ("@all",)),
        ("docs/a", ("@all", "@writers")),
        ("README.md", ("@all", "@rita")),
        ("docs/a_test.py", ("@all", "@writers", "@testers", "@qa")),
        ("docs/legal/a", ("@all", "@legal")),
    ],
)
def test_sections_add_their_owners(path: str, owners: tuple[str, ...]) -> None:
    found = parse(SECTIONS, "CODEOWNERS")
    assert found.problems == ()
    assert found.owners(path) == owners


def test_the_deciding_line_is_known() -> None:
    entry = parse("* @a\r\n\r\nsrc/ @b # why\r\n", "CODEOWNERS").entries_of("src/x")[0]
    assert (entry.line, entry.pattern, entry.owners) == (3, "src/", ("@b",))


@pytest.mark.parametrize(
    "text",
    [pytest.param("x" * (MOST_BYTES + 1), id="huge"), pytest.param("a @x\n" * (MOST_RULES + 1), id="many")],
)
def test_limits(text: str) -> None:
    with pytest.raises(DataError, match=r"^CODEOWNERS"):
        parse(text, "CODEOWNERS")


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        pytest.param("*a" * 20, "a" * 4_000 + "b", id="stars"),
        pytest.param("*a" * 19 + "*b", "a" * 4_000 + "/c", id="stars-in-a-folder"),
        pytest.param("**/a/" * 10 + "b", "a/" * 2_000 + "c", id="double-stars"),
        pytest.param("*" + "?" * 900, "a" * 800, id="question-marks"),
        pytest.param("a\\" * 400, "a" * 800, id="backslashes"),
    ],
)
def test_no_pattern_runs_away(pattern: str, path: str) -> None:
    begun = time.process_time()
    parse(f"{pattern} @x", "CODEOWNERS").owners(path)
    assert time.process_time() - begun < 0.5


def test_a_long_line_is_read_once() -> None:
    begun = time.process_time()
    parse("\\ " * 1_000_000 + "\n" + "[" * 900_000, "CODEOWNERS")
    assert time.process_time() - begun < 2


@given(
    st.text(alphabet="ab*", min_size=1, max_size=8).filter(lambda text: "***" not in text),
    st.text("ab", min_size=1, max_size=8),
)
def test_stars_in_a_name_are_those_of_a_shell(pattern: str, name: str) -> None:
    expected = fnmatch.fnmatchcase(name, pattern)
    assert bool(parse(f"{pattern} @x", "x").owners(name)) is expected


@given(st.text(max_size=200), st.text(max_size=20))
def test_no_text_makes_it_stumble(text: str, path: str) -> None:
    found = parse(text, "x")
    assert all(isinstance(owner, str) for owner in found.owners(path))
