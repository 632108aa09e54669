"""detect-secrets, through a worker process of ours: a command line, and a report that must be whole.

Its own command would apply the settings, baselines and allowlist comments of
the scanned repository, skip files by name, and pass over what it cannot decode.
The worker gives it text that we decoded, and every detector.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sayso.evidence import ScannerError

CHECK = "secret-scan"
TOOL = "detect-secrets"
VERSION = "1.5.0"
OPTIONS = ""

# The detectors look at the suffix: where quotes are optional, and how a file's lines are read.
_SUFFIXES = frozenset(
    ".py .js .ts .java .go .c .cpp .cs .m .swift .tf .yaml .yml .ini .cfg .conf .properties .toml .cls".split()  # noqa: SIM905
)
_LOCK_FILES = frozenset(
    "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock composer.lock gemfile.lock "  # noqa: SIM905
    "poetry.lock uv.lock "
    "pipfile.lock cargo.lock go.sum packages.lock.json podfile.lock pubspec.lock mix.lock flake.lock pylock.toml "
    "cartfile.resolved package.resolved gradle.lockfile .terraform.lock.hcl deno.lock".split()
)
LOCK_SUFFIX = ".locked"
CODE_SUFFIX = ".code"
# Languages in which a bare word is a variable and only a quoted one a value.
_VARIABLES = frozenset(
    "python javascript typescript java csharp go php php-template ruby c rust other-code terraform".split()  # noqa: SIM905
)


class Hit(NamedTuple):
    """What a detector found: a rule, a line from 1, the column of the value, or -1, and its length."""

    rule: str
    line: int
    column: int
    size: int


def reading(path: str, language: str = "") -> str:
    """Return how the detectors read a file, as a suffix: lock files, full of digests, get no entropy test."""
    name = path.rpartition("/")[2].lower()
    if name in _LOCK_FILES:
        return LOCK_SUFFIX
    if name == ".env" or name.startswith(".env.") or name.endswith(".env"):
        return ".properties"
    dot = name.rpartition(".")
    suffix = f".{dot[2]}" if dot[1] else ""
    if suffix in _SUFFIXES:
        return suffix
    return CODE_SUFFIX if language in _VARIABLES else ".txt"


def argv(python: str, worker: str, targets: Sequence[str]) -> tuple[str, ...]:
    """Return the command that has ``python`` run ``worker`` over ``targets``, all absolute paths.

    In UTF-8 mode, whatever the locale: the library passes over a file that it cannot decode without a word.
    """
    return (python, "-I", "-X", "utf8", worker, *targets)


def parse(out: bytes, targets: Collection[str], rule_ids: Collection[str]) -> Mapping[str, tuple[Hit, ...]]:
    """Read the worker's JSON report on ``targets``.

    Raises:
        ScannerError: not a report, another version, other detectors than the rules say, or a target without an answer.
    """
    try:
        report = json.loads(out)
        version, rules, files = report["version"], set(report["rules"]), dict(report["files"])
    except (ValueError, TypeError, KeyError, RecursionError) as exc:
        raise ScannerError("detect-secrets did not print a report") from exc
    if version != VERSION:
        raise ScannerError(f"detect-secrets {VERSION} was expected and {version!r} answered")
    if rules != set(rule_ids):
        others = sorted(map(str, rules ^ set(rule_ids)))
        raise ScannerError(f"detect-secrets ran other detectors than rules/secrets.toml lists: {others}")
    if files.keys() != set(targets):
        raise ScannerError("detect-secrets answered for other files than it was asked about")
    try:
        return {path: tuple(sorted({_hit(place, rules) for place in found})) for path, found in files.items()}
    except (TypeError, ValueError) as exc:
        raise ScannerError("detect-secrets did not print a whole report") from exc


def _hit(place: Any, rules: Collection[str]) -> Hit:
    rule, *numbers = place
    if rule not in rules or any(type(number) is not int for number in numbers):
        raise ValueError(rule)
    return Hit(rule, *numbers)
