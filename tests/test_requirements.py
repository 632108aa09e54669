from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import Version
from pip_requirements_parser import RequirementsFile  # type: ignore[import-untyped]

from sayso.requirements import Gap, Include, Pin, normal, read, requirement

HASH = "sha256:" + "0f" * 32


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("demo==1.0", Pin("demo", "1.0", 1)),
        ("Demo_Pkg.x == 1.0", Pin("demo-pkg-x", "1.0", 1)),
        ("demo[a,b]==1.0rc1", Pin("demo", "1.0rc1", 1)),
        ("demo [a] (==1.0)", Pin("demo", "1.0", 1)),
        ("demo===1.0", Pin("demo", "1.0", 1)),
        ("demo>=1,==1.5,<2", Pin("demo", "1.5", 1)),
        ("demo==1.0; python_version < '3'", Pin("demo", "1.0", 1, always=False)),
        ("demo==2.1.0+cpu", Pin("demo", "2.1.0", 1)),
        ("demo==1!2.0.post1.dev3", Pin("demo", "1!2.0.post1.dev3", 1)),
    ],
)
def test_pins(text: str, expected: Pin) -> None:
    assert requirement(text, 1) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("demo", "demo"),
        ("demo>=1", "demo"),
        ("demo==1.*", "demo"),
        ("demo==1,==2", "demo"),
        ("demo===weird", "demo"),
        ("demo; os_name=='nt'", "demo"),
        ("demo 1.0", ""),
        ("demo==", ""),
        ("demo @ file:///x", ""),
        ("./demo", ""),
        ("https://example.org/demo.whl", ""),
        ("demo==${V}", ""),
        ("git+ssh://git@example.org/x", ""),
    ],
)
def test_gaps(text: str, name: str) -> None:
    found = requirement(text, 7)
    assert isinstance(found, Gap)
    assert (found.line, found.name) == (7, name)


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("-r other.txt", "other.txt"),
        ("-rother.txt", "other.txt"),
        ("--requirement other.txt", "other.txt"),
        ("--requirement=other.txt", "other.txt"),
        ("-c other.txt", "other.txt"),
        ("-cother.txt", "other.txt"),
        ("--constraint=other.txt", "other.txt"),
        ("-r other.txt # why", "other.txt"),
        ("-r \\\n  other.txt", "other.txt"),
        ("-i https://example.org/ -r other.txt", "other.txt"),
        ("--no-index -r other.txt", "other.txt"),
        ("--index-url=https://example.org/ --pre -c other.txt", "other.txt"),
    ],
)
def test_includes(line: str, target: str) -> None:
    assert read(f"\n{line}\n") == ((), (), (Include(2, target),), False)


@pytest.mark.parametrize(
    "line",
    [
        "-e .",
        "-e.",
        "--editable=.",
        "--req x",
        "-r",
        "-r 'x y.txt'",
        "-z",
        "--hash=x",
        "demo==1 -r x",
        "demo==1 --hash",
    ],
)
def test_options_that_are_not_understood_are_gaps(line: str) -> None:
    found = read(line)
    assert (found.pins, len(found.gaps), found.includes) == ((), 1, ())


def test_continued_lines_and_comments() -> None:
    text = (
        "# demo==9 \\\nfirst==1 # second==2\n\nthird==3 \\\n    --hash="
        f"{HASH} \\\n    --hash={HASH} # why\nfourth==\\\n4 --hash={HASH}\nfifth==5#no-comment\n"
    )
    found = read(text)
    assert found.pins == (Pin("first", "1", 2), Pin("third", "3", 4), Pin("fourth", "4", 7))
    assert [gap.line for gap in found.gaps] == [9, 2]
    assert found.whole


def test_a_line_ends_where_pip_ends_it() -> None:
    assert [pin.name for pin in read("one==1\rtwo==2\x0cthree==3\u2028four==4").pins] == ["one", "two", "three", "four"]


NAMES = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_.-]{0,6}[a-z0-9]", fullmatch=True)
VERSIONS = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2}){0,2}((a|rc|\.post|\.dev)[0-9])?", fullmatch=True)
TAILS = st.sampled_from(
    ["", " ", " # x", "; python_version > '3'", f" --hash={HASH}", " \\\n", "\r", "[x]", ",>0", ".*", "+l"]
)
LINES = st.one_of(
    st.builds(
        lambda n, o, v, t: f"{n}{o}{v}{t}",
        NAMES,
        st.sampled_from(["==", ">=", " == ", "===", "~=", ""]),
        VERSIONS,
        TAILS,
    ),
    st.sampled_from(["", "# x", "\\", " \\", "-r x.txt", "--pre", "demo", "-e ."]),
    st.text(alphabet="ab=1.#\\ -;[]\n\t", max_size=12),
)


@given(text=st.lists(LINES, max_size=6).map("\n".join))
def test_no_requirement_that_pip_sees_is_lost(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compare with another reader of the format: each of its requirements is a pin of ours, or there is a gap."""
    path = tmp_path_factory.getbasetemp() / "requirements.txt"
    path.write_text(text, newline="")
    (path.parent / "x.txt").write_text("")
    ours = read(text)
    pinned = {(pin.name, Version(pin.version)) for pin in ours.pins}
    theirs = RequirementsFile.from_file(str(path))
    for item in theirs.requirements:
        exact = (
            [clause.version for clause in item.specifier if clause.operator in {"==", "==="}] if item.specifier else []
        )
        known = item.name and any(name == normal(item.name) for name, _ in pinned)
        assert ours.gaps or known, (text, item.line)
        if known and len(exact) == 1 and not ours.gaps and not exact[0].endswith(".*"):
            assert any(
                name == normal(item.name) and version == Version(Version(exact[0]).public) for name, version in pinned
            )
    if theirs.invalid_lines:
        assert ours.gaps, text


@given(st.builds(lambda n, o, v, t: f"{n}{o}{v}{t}", NAMES, st.sampled_from(["==", ">=", "!=", ""]), VERSIONS, TAILS))
def test_what_is_pinned_here_is_pinned_by_the_standard(text: str) -> None:
    found = requirement(text, 1)
    if isinstance(found, Pin):
        try:
            standard = Requirement(text)
        except InvalidRequirement:
            return
        assert normal(standard.name) == found.name
        exact = {clause.version for clause in standard.specifier if clause.operator in {"==", "==="}}
        assert {Version(Version(version).public) for version in exact} == {Version(found.version)}
