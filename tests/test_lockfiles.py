from __future__ import annotations

import pytest

from sayso.lockfiles import read_pylock, read_pyproject
from sayso.requirements import Include, Pin

HASHED = '[{url = "https://example.org/x", hashes = {sha256 = "0f"}}]'


def packages(*bodies: str) -> str:
    return 'lock-version = "1.0"\n' + "".join(f"[[packages]]\n{body}\n" for body in bodies)


def test_a_lock() -> None:
    found = read_pylock(
        packages('name = "One_x"\nversion = "1.0+cpu"', f'name = "two"\nversion = "2"\nwheels = {HASHED}')
    )
    assert found.pins == (Pin("one-x", "1.0", 2), Pin("two", "2", 5))
    assert (found.gaps, found.includes, found.whole) == ((), (), True)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('version = "1"', "has no name"),
        ('name = "a"', "no version that can be compared"),
        ('name = "a"\nversion = "main"', "no version that can be compared"),
        ('name = "a"\nversion = 1', "no version that can be compared"),
        ('name = "a"\nversion = "1"\nvcs = {type = "git"}', "comes from elsewhere than an index (vcs)"),
        ('name = "a"\nversion = "1"\narchive = {}', "comes from elsewhere than an index (archive)"),
        ('name = "a"\nversion = "1"\nwheels = [{url = "x"}]', "has a file without a hash"),
        ('name = "a"\nversion = "1"\nsdist = {url = "x", hashes = {}}', "has a file without a hash"),
        ('name = "a"\nversion = "1"\nwheels = 5', "has a file without a hash"),
    ],
)
def test_packages_that_are_gaps(body: str, said: str) -> None:
    found = read_pylock(packages(body))
    assert (found.pins, len(found.gaps)) == ((), 1)
    assert said in found.gaps[0].reason


@pytest.mark.parametrize(
    "text", ["", "x", 'lock-version = "2.0"', 'lock-version = "1.0"\npackages = 5', "[[packages]]"]
)
def test_files_that_are_no_lock(text: str) -> None:
    found = read_pylock(text)
    assert (found.pins, len(found.gaps)) == ((), 1)


PROJECT = """\
[project]
name = "Demo"
dependencies = [
  "one==1.0",
  'two>=2',
]
dynamic = ["optional-dependencies"]
[project.optional-dependencies]
x = ["three==3"]
[dependency-groups]
dev = ["four==4", {include-group = "more"}, "demo[x]"]
more = ["five==5; os_name == 'nt'", {other = 1}]
[tool.setuptools.dynamic]
optional-dependencies.y = {file = ["y.txt", "z.txt"]}
[tool.uv]
dev-dependencies = ["six==6"]
sources.seven = {git = "https://example.org/seven"}
[tool.pdm.dev-dependencies]
test = ["seven==7"]
"""


def test_a_project() -> None:
    found = read_pyproject(PROJECT)
    assert [(pin.name, pin.version, pin.line, pin.always) for pin in found.pins] == [
        ("one", "1.0", 4, True),
        ("three", "3", 9, True),
        ("four", "4", 11, True),
        ("five", "5", 12, False),
        ("six", "6", 16, True),
    ]
    assert [(gap.line, gap.name, gap.reason.partition(":")[0]) for gap in found.gaps] == [
        (5, "two", "is not pinned to one version"),
        (19, "", "comes from elsewhere than an index"),
        (1, "", "is no requirement"),
    ]
    assert found.includes == (Include(7, "y.txt"), Include(7, "z.txt"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.poetry.dependencies]\npython = '*'\nx = '1'\n", "poetry export"),
        ("[tool.poetry.group.dev.dependencies]\nx = '1'\n", "poetry export"),
        ("[project]\ndynamic = ['dependencies']\n", "known only when the project is built"),
        ("[project]\ndependencies = 'x==1'\n", "dependencies is no list"),
        ("[dependency-groups]\nx = 1\n", "x is no list"),
        ("project = []\n", "project is no table"),
        ("[", "is not valid TOML"),
    ],
)
def test_projects_with_a_gap(text: str, said: str) -> None:
    found = read_pyproject(text)
    assert (found.pins, len(found.gaps)) == ((), 1)
    assert said in found.gaps[0].reason


@pytest.mark.parametrize(
    "text", ["", "[tool.poetry.dependencies]\npython = '*'\n", "[build-system]\nrequires = ['x']\n"]
)
def test_projects_without_dependencies(text: str) -> None:
    assert read_pyproject(text) == ((), (), (), False)
