"""detect-secrets, through a worker process of ours: a command line, and a report that must be whole.

Its own command would apply the settings, baselines and allowlist comments of
the scanned repository, skip files by name, and pass over what it cannot decode.
The worker gives it text that we decoded, and every detector.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sayso.evidence import ScannerError, ScanReport, Spot

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


def reading(path: str) -> str:
    """Return how the detectors read a file, as a suffix: lock files, full of digests, get no entropy test."""
    name = path.rpartition("/")[2].lower()
    if name in _LOCK_FILES:
        return LOCK_SUFFIX
    if name == ".env" or name.startswith(".env.") or name.endswith(".env"):
        return ".properties"
    dot = name.rpartition(".")
    suffix = f".{dot[2]}" if dot[1] else ""
    return suffix if suffix in _SUFFIXES else ".txt"


def argv(python: str, worker: str, targets: Sequence[str]) -> tuple[str, ...]:
    """Return the command that has ``python`` run ``worker`` over ``targets``, all absolute paths.

    In UTF-8 mode, whatever the locale: the library passes over a file that it cannot decode without a word.
    """
    return (python, "-I", "-X", "utf8", worker, *targets)


def parse(out: bytes, targets: Collection[str], rule_ids: Collection[str]) -> ScanReport:
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
        raise ScannerError(
            f"detect-secrets ran other detectors than rules/secrets.toml lists: {sorted(rules ^ set(rule_ids))}"
        )
    if files.keys() != set(targets):
        raise ScannerError("detect-secrets answered for other files than it was asked about")
    try:
        spots = {path: tuple(sorted({_spot(place, rules) for place in found})) for path, found in files.items()}
    except (TypeError, ValueError) as exc:
        raise ScannerError("detect-secrets did not print a whole report") from exc
    return ScanReport(spots, {})


def _spot(place: Any, rules: Collection[str]) -> Spot:
    rule, line = place
    if rule not in rules or type(line) is not int:
        raise ValueError(rule)
    return Spot(rule, line, line)
