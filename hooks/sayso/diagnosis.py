"""Judge what of a machine and a repository keeps the hooks from running: values in, problems out.

A problem goes round the gate (error), should be looked at (warning), or is worth knowing (note), as the rules in
``gate.toml`` say. What a configuration lacks is judged here as well, what a change does to it by ``gate_config``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sayso import hookconfig
from sayso.hookconfig import STAGES, HookConfig
from sayso.receipts import SCANS, way_round

TYPES = ("pre-commit", "commit-msg", "prepare-commit-msg", "post-commit", "pre-push")
TESTED_GIT = (2, 39)
HOOKS_BY_CONFIG = (2, 54)

_RUNNER = re.compile(r"(?<![\w.])(?:pre-commit|pre_commit|prek|sayso|lefthook|husky)\b")
_SKIPS = ("SKIP", "PREK_SKIP", "LEFTHOOK_EXCLUDE")
_OFF = {"LEFTHOOK": ("0", "false"), "HUSKY": ("0",), "HUSKY_SKIP_HOOKS": ("1", "true")}
_CONFIG_VARIABLES = (
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG",
)
_PROGRAM_VARIABLES = ("GIT_EXTERNAL_DIFF", "GIT_EXEC_PATH", "GIT_TEMPLATE_DIR")
_PLAIN = frozenset(("true", "false", "yes", "no", "on", "off", "1", "0", ""))
_FALSE = frozenset(("false", "no", "off", "0"))
_SHOWN = 100


class Setting(NamedTuple):
    """A line of git's configuration: where it stands, its name in lower case, and its value."""

    scope: str
    origin: str
    name: str
    value: str

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return f"{self.scope} setting" if self.scope == "command" else f"{self.scope} configuration, {self.origin}"


class Script(NamedTuple):
    """A hook in the folder of hooks: the beginning of its text, or "" for a link, and whether git would run it."""

    text: str
    runs: bool
    link: bool = False


class Installation(NamedTuple):
    """What a machine has. ``ledger`` says why it cannot be written; ``tools`` are scanners, and if they are there."""

    git: tuple[int, ...]
    settings: tuple[Setting, ...]
    environment: Mapping[str, str]
    folder: str
    scripts: Mapping[str, Script]
    shallow: bool = False
    ledger: str = ""
    tools: Mapping[str, bool] = {}


class Problem(NamedTuple):
    """A rule, a message, and what to do where that can be said better than by the rule."""

    rule: str
    message: str
    do: str = ""


def settings(machine: Installation) -> Iterator[Problem]:
    """Yield settings of git, from wherever they come, that move or switch off hooks."""
    for item in machine.settings:
        if item.name == "core.hookspath":
            alive = any(_RUNNER.search(script.text) for script in machine.scripts.values())
            rule = "doctor-hooks-elsewhere" if alive else "doctor-hooks-path"
            yield Problem(rule, f"core.hooksPath is {_short(item.value)!r} ({item.place})", _unset(item))
        elif item.name.startswith("hook."):
            yield from _configured(machine, item)
        elif item.name.startswith("alias."):
            if _evades(item.value):
                said = f"git {item.name.removeprefix('alias.')} is {_short(item.value)!r} ({item.place})"
                yield Problem("doctor-alias", said, _unset(item))
        elif item.name == "core.fsmonitor" and item.value.lower() not in _PLAIN:
            yield Problem("doctor-git-program", f"core.fsmonitor runs {_short(item.value)!r} ({item.place})")
        elif item.name == "diff.external":
            yield Problem("doctor-git-program", f"diff.external runs {_short(item.value)!r} ({item.place})")


def _configured(machine: Installation, item: Setting) -> Iterator[Problem]:
    name, _, key = item.name.removeprefix("hook.").rpartition(".")
    known = machine.git >= HOOKS_BY_CONFIG
    later = "" if known else f"; git {_dotted(machine.git)} does not read it, {_dotted(HOOKS_BY_CONFIG)} does"
    if key == "enabled" and item.value.lower() in _FALSE:
        said = f"hook.{name}.enabled is {item.value} ({item.place}){later}"
        yield Problem("doctor-hook-disabled", said, _unset(item))
    elif key == "command":
        said = f"hook.{name}.command runs {_short(item.value)!r} ({item.place}){later}"
        yield Problem("doctor-hook-configured", said)


def _evades(value: str) -> bool:
    words = value.split()
    if "--no-verify" in words or "core.hookspath" in value.lower():
        return True
    return "commit" in words and bool(way_round([("commit", *words[words.index("commit") + 1 :])], {}))


def _unset(item: Setting) -> str:
    if item.scope == "command":
        return "take it out of GIT_CONFIG_COUNT and GIT_CONFIG_PARAMETERS in the environment"
    return f"git config --{item.scope} --unset-all {item.name}"


def environment(machine: Installation) -> Iterator[Problem]:
    """Yield variables of the environment that skip hooks, or change what git reads."""
    given = machine.environment
    for name in _SKIPS:
        skipped = [part.strip() for part in given.get(name, "").split(",") if part.strip()]
        mine = [hook for hook in skipped if hook in STAGES or name == "LEFTHOOK_EXCLUDE"]
        if skipped:
            rule = "doctor-skip-set" if mine or set(skipped) & {"all", "*"} else "doctor-skip-other"
            yield Problem(rule, f"{name}={_short(given[name])} is set in the environment", f"unset {name}")
    for name, values in _OFF.items():
        if given.get(name, "").lower() in values:
            yield Problem("doctor-skip-set", f"{name}={given[name]} is set in the environment", f"unset {name}")
    named = [name for name in _CONFIG_VARIABLES if given.get(name)]
    if named:
        said = f"git takes settings from the environment: {', '.join(named)}"
        yield Problem("doctor-git-environment", said, f"unset {' '.join(named)}")
    yield from (
        Problem("doctor-git-program", f"{name} is {_short(given[name])!r} in the environment")
        for name in _PROGRAM_VARIABLES
        if given.get(name)
    )


def scripts(machine: Installation, config: HookConfig | None, runner: str = "pre-commit") -> Iterator[Problem]:
    """Yield the kinds of git hooks that are configured and not installed, or installed and not the runner's."""
    for kind, hooks in needed(config).items():
        script = machine.scripts.get(kind)
        who = f", so {', '.join(hooks)} does not run" if hooks else ""
        if script is None:
            rule = "doctor-hook-missing" if hooks else "doctor-hook-unused"
            yield Problem(rule, f"{kind} is not installed in {machine.folder}{who}", f"{runner} install -t {kind}")
        elif not script.runs:
            said = f"{kind} is installed and not executable: git passes it by{who}"
            yield Problem("doctor-hook-not-executable", said, f"chmod +x {machine.folder}/{kind}")
        elif script.link or not _RUNNER.search(script.text):
            what = "a link, which is not followed" if script.link else "a script that calls no hook runner"
            yield Problem("doctor-hook-foreign", f"{kind} is {what}{who}", f"look at {machine.folder}/{kind}")


def needed(config: HookConfig | None) -> dict[str, tuple[str, ...]]:
    """Return the kinds of git hooks that must be installed, each with the hooks of ours that only run there.

    A hook that also runs before a commit does not need ``pre-push``.
    """
    if config is None:
        return {"pre-commit": ()}
    found: dict[str, tuple[str, ...]] = {kind: () for kind in config.install_types if kind in TYPES}
    for use in config.hooks:
        if use.id in STAGES:
            kinds = [kind for kind in TYPES if kind in use.runs_at]
            for kind in kinds if kinds == ["pre-push"] else [kind for kind in kinds if kind != "pre-push"]:
                found[kind] = (*found.get(kind, ()), use.id)
    return found


def configured(config: HookConfig, required: Sequence[str], minimum_rev: str) -> Iterator[Problem]:
    """Yield what a configuration lacks: what the policy requires, else at least one scan; and what moves by itself."""
    for short in hookconfig.shortfalls(config, required, minimum_rev):
        yield Problem("doctor-config-short", f"{short.hook} {short.reason}")
    if not required:
        yield from _least(config)
    for use in config.hooks:
        if use.id in STAGES and use.repo not in {"local", "meta", ".", "builtin"} and hookconfig.mutable(use.rev):
            yield Problem("doctor-rev-mutable", f"{use.id} is at rev {_short(use.rev)!r}, which moves by itself")
    skipped = sorted(set(config.ci_skip).intersection(STAGES))
    if skipped:
        yield Problem("doctor-config-warning", f"pre-commit.ci skips {', '.join(skipped)}")


def _least(config: HookConfig) -> Iterator[Problem]:
    mine = [use for use in config.hooks if use.id in STAGES]
    done = hookconfig.work(config)
    if not done.intersection(SCANS):
        yield Problem("doctor-config-short", "no hook scans what is committed")
    for use in mine:
        for short in hookconfig.shortfalls(config, (use.id,)):
            yield Problem("doctor-config-short", f"{short.hook} {short.reason}")
    if "secure-claims" not in done:
        yield Problem("doctor-config-warning", "no hook judges what a commit message claims")


def surroundings(machine: Installation) -> Iterator[Problem]:
    """Yield what limits the hooks on this machine."""
    for name, there in machine.tools.items():
        if not there:
            yield Problem("doctor-scanner-missing", f"{name} is not in the environment of this sayso")
    if machine.ledger:
        yield Problem("doctor-ledger", f"nothing can be kept in {machine.ledger}")
    if machine.shallow:
        yield Problem("doctor-history-cut", "this clone is shallow: a range may begin before what is here")
    named = [item for item in machine.settings if item.name == "extensions.partialclone" or _promises(item)]
    if named:
        said = "this is a partial clone: a file that git has not fetched is not examined, and nothing fetches it"
        yield Problem("doctor-history-cut", said)
    if machine.git < TESTED_GIT:
        said = f"git {_dotted(machine.git)} is older than what sayso is tested with, {_dotted(TESTED_GIT)}"
        yield Problem("doctor-git-old", said)


def _promises(item: Setting) -> bool:
    return item.name.startswith("remote.") and item.name.endswith(".promisor") and item.value.lower() not in _FALSE


def unverified(commits: Collection[str]) -> Iterator[Problem]:
    """Yield the commits that no hook had examined and that no remote has yet."""
    for commit in commits:
        yield Problem(
            "doctor-unverified",
            f"commit {commit[:12]} was made without the hooks, and no remote has it yet",
            f"sayso verify {commit[:12]}~1..{commit[:12]}, or make it again with the hooks",
        )


def _dotted(numbers: Sequence[int]) -> str:
    return ".".join(map(str, numbers))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
