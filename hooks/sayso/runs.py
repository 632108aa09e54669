"""Records of runs: that a command ran on a whole work tree, and what it ended with.

A record holds the command, its exit code, the id of the tree that the work tree had before
and after, and what the report said of each test; no clock, no host, no output. It shows that
the command ended well there, never that the command was a good one: its words are kept, and
shown to whoever judges. A run of tests without a report, or in which no test ran, shows nothing.

The last run of each command on a tree counts, and one that failed counts against the tree,
whatever other commands said: tests that fail are not outvoted by a choice of tests that pass.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sayso import pathwords
from sayso.model import SaysoError

FORMAT = 1
KINDS = ("tests:unit", "tests:e2e", "types", "lint", "license")
MET, MISSING, FAILED, STALE = "met", "missing", "failed", "stale"

_MOST_BYTES = 4 << 20
_SHOWN = 4
_ARGV_SHOWN = 120
_TREE = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NOT = frozenset(("not", "no", "non", "never", "cannot", "cant", "dont", "doesnt", "isnt", "arent", "wont", "without"))
_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


class RunError(SaysoError):
    """Bytes that are not a record of a run."""


class Report(NamedTuple):
    """The names of the tests of a report by what became of them, each ``class::name``, sorted; a name may repeat."""

    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    errored: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[str, ...]:
        """The tests that did not pass."""
        return (*self.failed, *self.errored)

    @property
    def counts(self) -> str:
        """The counts in words, such as ``12 passed, 1 skipped``."""
        said = ", ".join(f"{len(names)} {outcome}" for outcome, names in self._asdict().items() if names)
        return said or "no tests"


class Run(NamedTuple):
    """What one command showed of one tree.

    ``code`` is negative after a signal. ``folder`` is where it ran, from the top, "" or with a slash at its end.
    ``tests`` is None without a report.
    """

    kind: str
    argv: tuple[str, ...]
    tree: str
    code: int
    folder: str = ""
    tests: Report | None = None

    @property
    def id(self) -> str:
        """The SHA-256 of the record's canonical bytes: 64 hex digits."""
        return hashlib.sha256(encode(self)).hexdigest()

    @property
    def key(self) -> str:
        """The name under which the last run of this command on this tree is kept; it begins with the tree."""
        asked = _canonical({"argv": self.argv, "folder": self.folder, "kind": self.kind})
        return f"{self.tree}-{hashlib.sha256(asked).hexdigest()[:24]}"

    @property
    def command(self) -> str:
        """The command as it would be typed, cut short where it is long."""
        import shlex  # noqa: PLC0415 - only messages say it

        words = shlex.join(self.argv)
        return words if len(words) <= _ARGV_SHOWN else f"{words[:_ARGV_SHOWN]}…"


class Standing(NamedTuple):
    """How it stands with one kind of run on one tree.

    ``status`` is MET, MISSING, FAILED (a record says the opposite) or STALE (there are records, of other trees).
    """

    status: str
    reasons: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


def encode(run: Run) -> bytes:
    """Return the canonical bytes: JSON with sorted keys, no spaces, ASCII only."""
    tests = None if run.tests is None else run.tests._asdict()
    return _canonical({**run._asdict(), "format": FORMAT, "tests": tests})


def decode(data: bytes) -> Run:
    """Read back what ``encode`` wrote; anything else, down to one byte, is refused.

    Raises:
        RunError: not a record, not canonical, or of something that is no run.
    """
    if len(data) > _MOST_BYTES:
        raise RunError(f"{len(data)} bytes are too many for a record of a run")
    try:
        document = json.loads(data)
        tests = document["tests"]
        report = None if tests is None else Report(**{outcome: tuple(names) for outcome, names in tests.items()})
        argv, folder = tuple(document["argv"]), document["folder"]
        run = Run(document["kind"], argv, document["tree"], document["code"], folder, report)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as exc:
        raise RunError(f"not a record of a run: {exc}") from exc
    if not _well_typed(run) or encode(run) != data:
        raise RunError("not the canonical form of a record of a run")
    return run


def _well_typed(run: Run) -> bool:
    words: Iterable[Any] = (
        run.kind,
        run.tree,
        run.folder,
        *run.argv,
        *(name for names in run.tests or () for name in names),
    )
    if not all(isinstance(word, str) for word in words) or type(run.code) is not int:
        return False
    in_order = all(list(names) == sorted(names) for names in run.tests or ())
    return in_order and run.kind in KINDS and bool(run.argv) and _TREE.fullmatch(run.tree) is not None


def _canonical(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode("ascii")


def weigh(runs: Iterable[Run], kind: str, tree: str, cases: Mapping[str, Sequence[str]] | None = None) -> Standing:
    """Say whether ``runs`` show ``kind`` of ``tree``.

    Runs of other trees may be among them: they show nothing, but then the answer names them. ``cases`` maps the
    name of what tests must show to its words: each must stand in the name of a test that passed.
    """
    known = sorted((run for run in runs if run.kind == kind), key=lambda run: run.id)
    mine = [run for run in known if run.tree == tree]
    failed = [run for run in mine if _failed(run)]
    if failed:
        return Standing(FAILED, tuple(map(describe, failed)), tuple(run.id for run in failed))
    if not mine:
        return Standing(STALE, (_elsewhere(known, tree),)) if known else Standing(MISSING, (_none(kind),))
    good = [run for run in mine if not shortcoming(run)]
    if not good:
        return Standing(MISSING, tuple(f"{describe(run)}: {shortcoming(run)}" for run in mine))
    names = [name for run in good for name in (run.tests.passed if run.tests else ())]
    absent = tuple(_absent(names, cases or {}))
    if absent:
        return Standing(MISSING, absent)
    return Standing(MET, tuple(map(describe, good)), tuple(run.id for run in good))


def _none(kind: str) -> str:
    return f"no run of {kind} on this tree"


def _elsewhere(known: Sequence[Run], tree: str) -> str:
    """Name one run of another tree in full, and of several the trees alone: which is the latest, no record says."""
    trees = list(dict.fromkeys(run.tree[:12] for run in known))
    if len(known) == 1:
        return f"{describe(known[0])}, on another tree: {trees[0]}, not {tree[:12]}"
    few = ", ".join(trees[:_SHOWN]) + (" …" if len(trees) > _SHOWN else "")
    return f"{_none(known[0].kind)}, {tree[:12]}, but on {few}"


def standing(run: Run) -> str:
    """Return what one record does for its own tree: MET, MISSING or FAILED."""
    return FAILED if _failed(run) else MISSING if shortcoming(run) else MET


def _failed(run: Run) -> bool:
    return run.code != 0 or bool(run.tests and run.tests.broken)


def shortcoming(run: Run) -> str:
    """Say why a run that ended well shows nothing, or return ""."""
    if not run.kind.startswith("tests:"):
        return ""
    if run.tests is None:
        return "no report was given, so nobody knows whether a test ran"
    return "" if run.tests.passed else "no test ran"


def describe(run: Run) -> str:
    """Return a record in one line."""
    said = (
        f"`{run.command}` "
        + (f"in {run.folder} " if run.folder else "")
        + (f"ended with {run.code}" if run.code else "ended well")
    )
    if run.tests is None:
        return said
    broken = run.tests.broken
    names = ": " + ", ".join(broken[:_SHOWN]) + (" …" if len(broken) > _SHOWN else "") if broken else ""
    return f"{said} ({run.tests.counts}{names})"


def _absent(names: Sequence[str], cases: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield a sentence for each case that no name shows."""
    pending = {case: [_sought(word) for word in words] for case, words in cases.items()}
    for name in dict.fromkeys(names):
        if not pending:
            return
        spaced = _spaced(name)
        for case in [case for case, wanted in pending.items() if any(_affirmed(spaced, word) for word in wanted)]:
            del pending[case]
    for case in pending:
        few = ", ".join(cases[case][:_SHOWN]) + (" …" if len(cases[case]) > _SHOWN else "")
        yield f"no test that passed shows the case {case}: its name would have one of: {few}"


def _affirmed(name: str, word: str) -> bool:
    """Tell whether a name has the word without a negation before it: what is "not allowed" shows no permission."""
    at = name.find(word)
    while at >= 0:
        if name[:at].rpartition(" ")[2] not in _NOT:
            return True
        at = name.find(word, at + 1)
    return False


def _spaced(name: str) -> str:
    return f" {' '.join(pathwords.pieces(name))} "


def _sought(word: str) -> str:
    """Return a word as it stands in a spaced name; where a script has no spaces it may stand within others."""
    if _ASIAN.search(word):
        return word
    return _spaced(word).rstrip() if word.endswith("*") else _spaced(word)
