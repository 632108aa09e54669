from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.supply.constraints import RAISED, is_exact, loosened, lowered, span

DIALECTS = ("python", "poetry", "npm", "cargo", "composer", "ruby", "maven", "nuget", "go")


@pytest.mark.parametrize(
    ("dialect", "old", "new"),
    [
        ("python", "==1.2", ">=1.2"),
        ("python", "==1.2", ""),
        ("python", "==1.2", "==1.*"),
        ("python", "===1.2", "~=1.2"),
        ("python", ">=1,<2", ">=1"),
        ("python", "~=1.4.2", ">=1.4.2"),
        ("python", ">=1", ""),
        ("python", ">=1,!=1.3", ">=1"),
        ("python", ">=0.9,<0.10", ">=0.9,<1"),
        ("poetry", "1.2.3", "^1.2.3"),
        ("poetry", "^1.2", "*"),
        ("npm", "1.2.3", "^1.2.3"),
        ("npm", "1.2.3", "~1.2.3"),
        ("npm", "1.2.3", "1.x"),
        ("npm", "1.2.3", "latest"),
        ("npm", "^1.2.3", "*"),
        ("npm", "~1.2.3", ">=1.2.9 <3"),
        ("npm", "~1.2.3", "^1.2.3"),
        ("npm", "^1.2.3", ">=1.2.3"),
        ("npm", "1.2.3 - 1.2.9", ">=1.2.3"),
        ("cargo", "=1.2.3", "1.2.3"),
        ("cargo", "1", "*"),
        ("cargo", "~1.2", "1.2"),
        ("composer", "1.2.3", "^1.2"),
        ("composer", "~1.2.3", "~1.2"),
        ("composer", "~1.2", "*"),
        ("ruby", "~> 1.2.3", "~> 1.2"),
        ("ruby", "1.2.3", ">= 1.2.3"),
        ("ruby", "~> 1.2", ">= 1.2"),
        ("maven", "1.0", "[1.0,2.0)"),
        ("maven", "1.0", "LATEST"),
        ("maven", "1.0", "1.+"),
        ("maven", "[1.0,2.0)", "[1.0,)"),
        ("nuget", "[1.0]", "1.0"),
        ("nuget", "[1.0,2.0)", "1.0"),
        ("nuget", "1.0", "1.*"),
    ],
)
def test_loosened(dialect: str, old: str, new: str) -> None:
    assert loosened(old, new, dialect) not in {"", RAISED}
    assert loosened(old, old, dialect) == ""


@pytest.mark.parametrize(
    ("dialect", "old", "new"),
    [
        ("python", "==1.2", "==1.3"),
        ("python", "==2!1.0", "==2!1.1"),
        ("python", ">=1.2", ">=1.3"),
        ("python", ">=1.2", "==1.3"),
        ("python", "", ">=1"),
        ("python", ">=1,<2", ">=2,<3"),
        ("python", ">=1", ">=1,!=1.3"),
        ("python", "==1.*", "==2.*"),
        ("npm", "^1.2.3", "^2.0.0"),
        ("npm", "^0.2.3", "^1.0.0"),
        ("npm", "1.2.3-beta.1", "1.2.3"),
        ("npm", "^16 || ^17", "^17 || ^18"),
        ("npm", "*", "latest"),
        ("cargo", "0.4", "1"),
        ("cargo", "1.0", "1.1"),
        ("ruby", "~> 1.2", "~> 2.0"),
        ("ruby", "~> 1.2", "~> 1.2, >= 1.2.5"),
        ("composer", "^1.0", "^2.0"),
        ("maven", "1.0", "1.1"),
        ("maven", "1.0", "${a.version}"),
        ("maven", "1.0", ""),
        ("maven", "2.3.0.RC1", "2.3.0.RELEASE"),
        ("nuget", "1.0", "2.0"),
        ("nuget", "1.0", "[1.0]"),
        ("nuget", "1.0", "$(Version)"),
        ("go", "v1.2.3", "v1.2.4"),
    ],
)
def test_a_bump_or_a_tighter_range_is_not_looser(dialect: str, old: str, new: str) -> None:
    assert loosened(old, new, dialect) == ""
    assert not lowered(old, new, dialect)


@pytest.mark.parametrize(
    ("dialect", "old", "new"),
    [
        ("python", ">=1,<2", ">=1,<3"),
        ("python", "<0.8.2", "<0.8.3"),
        ("npm", "^1 || ^2", "^1 || ^2 || ^3"),
        ("composer", "^1.0 || ^2.0", "^1.0 || ^2.0 || ^3.0"),
    ],
)
def test_letting_the_next_version_in_is_the_mildest_way(dialect: str, old: str, new: str) -> None:
    assert loosened(old, new, dialect) == RAISED


def test_dialects_may_differ() -> None:
    assert loosened("==1.2", "^1.2", "poetry", "python") == "was one exact version"
    assert loosened("==1.2", "1.2", "poetry", "python") == ""


@pytest.mark.parametrize(
    ("dialect", "old", "new", "back"),
    [
        ("python", "==1.2", "==1.1", True),
        ("python", "==1.10", "==1.9", True),
        ("python", "==1.9", "==1.10", False),
        ("npm", "^2.0.0", "^1.9.0", True),
        ("go", "v1.2.0", "v1.1.9", True),
        ("python", ">=1.2", "<3", False),
    ],
)
def test_lowered(dialect: str, old: str, new: str, back: bool) -> None:
    assert lowered(old, new, dialect) is back


@pytest.mark.parametrize(
    ("spec", "dialect", "exact"),
    [
        ("==1.2", "python", True),
        ("1.2.3", "npm", True),
        ("1.2", "npm", False),
        ("=1.2.3", "cargo", True),
        ("1.2.3", "cargo", False),
        ("[1.0]", "nuget", True),
        ("1.0", "nuget", False),
        ("1.0", "maven", True),
        ("", "python", False),
    ],
)
def test_is_exact(spec: str, dialect: str, exact: bool) -> None:
    assert is_exact(spec, dialect) is exact


@given(st.text(max_size=400), st.text(max_size=400), st.sampled_from(DIALECTS))
def test_anything_can_be_compared(old: str, new: str, dialect: str) -> None:
    loosened(old, new, dialect)
    lowered(old, new, dialect)
    assert loosened(old, old, dialect) == ""


@given(
    st.lists(st.sampled_from([">=1.2", "<2", "~> 1", "^1.2.3", "*", "||", ",", " ", "[1,2)", "==1.*", "!=3", "1.x"])),
    st.sampled_from(DIALECTS),
)
def test_spans_are_ordered_or_unknown(parts: list[str], dialect: str) -> None:
    found = span("".join(parts), dialect)
    assert not (found.exact and not found.known)
