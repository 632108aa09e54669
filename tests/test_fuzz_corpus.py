"""Play the corpus of the fuzzer through its targets, and what Hypothesis makes of it; `make fuzz` looks further."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fuzz import targets
from specimens import ROOT

_MARKS = (
    *(
        b"\0",
        b"\n",
        b"\r\n",
        b"\xff",
        b"\x1b[2J",
        b"\xe2\x80\xae",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b'"',
        b"'''",
        b"\\",
    ),
    *(
        b"[" * 80,
        b"{" * 80,
        b'{"a":' * 80,
        b"*" * 40,
        b"a*" * 20,
        b"../" * 5,
        b"9" * 30,
        b"-1",
        b"null",
        b"&a *a",
        b"%%%",
    ),
    *("\N{COMBINING ACUTE ACCENT}".encode() * 20, b"::error::", b"##[", b"|", b"`", b"#", b" " * 300, b"\n" * 50),
)
_SEEDS = [(name, seed) for name in targets.TARGETS for seed in targets.seeds(name)]


def test_every_target_has_seeds_and_every_folder_a_target() -> None:
    folders = {path.name for path in targets.CORPUS.iterdir() if path.is_dir()}
    assert folders == set(targets.TARGETS)
    assert all(len(targets.seeds(name)) > 1 for name in targets.TARGETS)
    assert max(len(seed) for _, seed in _SEEDS) < targets.MOST_BYTES


@pytest.mark.parametrize("name", targets.TARGETS)
def test_the_corpus(name: str) -> None:
    for seed in targets.seeds(name):
        targets.run(name, seed)


def mutants(seeds: list[bytes]) -> st.SearchStrategy[bytes]:
    """Seeds with a few pieces cut out, put in, or taken from each other."""
    piece = st.one_of(
        st.sampled_from(_MARKS), st.binary(max_size=6), st.sampled_from(seeds).map(lambda seed: seed[:400])
    )
    edit = st.tuples(st.integers(0, 1_000), st.integers(0, 12), piece)

    def edited(seed: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
        for place, cut, new in edits:
            at = place * len(seed) // 1_000
            seed = seed[:at] + new + seed[at + cut :]
        return seed[: targets.MOST_BYTES]

    return st.builds(edited, st.sampled_from(seeds), st.lists(edit, max_size=4))


@pytest.mark.parametrize("name", targets.TARGETS)
def test_mutants_of_the_corpus(name: str) -> None:
    play(name, mutants(targets.seeds(name)), 20)


@pytest.mark.parametrize("name", targets.TARGETS)
def test_any_bytes(name: str) -> None:
    play(name, st.binary(max_size=200), 10)


def play(name: str, inputs: st.SearchStrategy[bytes], count: int) -> None:
    """Run a target on ``count`` inputs, always the same ones; not shrunk, as the fuzzer does that better."""
    checked: Callable[[bytes], None] = lambda data: targets.run(name, data)  # noqa: E731 - given() takes a function
    ways = settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    ways(given(inputs)(checked))()


@pytest.mark.skipif(find_spec("atheris") is not None, reason="atheris is installed")
def test_the_runner_says_how_to_install_what_it_needs() -> None:
    command = [sys.executable, str(ROOT / "tests" / "fuzz" / "run.py"), "globs"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install atheris" in done.stderr


def test_the_runner_takes_a_target_or_all() -> None:
    command = [sys.executable, str(ROOT / "tests" / "fuzz" / "run.py")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2
