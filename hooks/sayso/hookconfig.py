"""Read the configuration of a hook runner (pre-commit, prek), and say whether it runs our hooks.

A hook counts as ours by its id, whatever repository it comes from, and a local one
also by its command. ``missing`` is what a required hook is measured by, here and in CI.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sayso import tables, yamldoc
from sayso.model import DataError
from sayso.receipts import covers

YAML_NAMES: Final = (".pre-commit-config.yaml", ".pre-commit-config.yml")
TOML_NAME: Final = "prek.toml"
NAMES: Final = (*YAML_NAMES, TOML_NAME)

_BEFORE = ("pre-commit", "pre-push", "manual")
STAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "sayso": _BEFORE,
    "sayso-message": ("commit-msg",),
    "code-scan": _BEFORE,
    "secret-scan": _BEFORE,
    "dependency-scan": ("pre-push", "manual"),
    "sensitive-paths": _BEFORE,
    "supply-chain": _BEFORE,
    "agent-permissions": _BEFORE,
    "hidden-text": _BEFORE,
    "suppressions": _BEFORE,
    "change-size": _BEFORE,
    "gate-config": _BEFORE,
    "ai-authorship": ("commit-msg",),
    "secure-claims": ("commit-msg", *_BEFORE),
    "commit-gate": ("commit-msg",),
    "verify-range": ("pre-push", "manual"),
    "receipt": ("prepare-commit-msg", "post-commit"),
}
"""The stages that the manifest gives our hooks."""

_CLAIMS = "secure-claims"
_LOCAL = frozenset(("local", "meta", "builtin"))
_OLD_STAGES = {"commit": "pre-commit", "push": "pre-push", "merge-commit": "pre-merge-commit"}
_COMMIT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_VERSION = re.compile(r"(?:\w{1,40}[-@/])?v?(\d{1,6}(?:\.\d{1,6}){1,3})[0-9A-Za-z.+-]{0,40}")
_FROZEN = re.compile(r"""(?<![0-9a-f])([0-9a-f]{40,64})["']?,?[ \t]{0,40}#[ \t]{0,40}frozen:[ \t]{0,40}(\S{1,80})""")
_MOST_HOOKS = 2_000
_MOST_TEXT = 20_000


class HookUse(NamedTuple):
    """A hook as a configuration uses it; what is None is left to the hook's own manifest. ``id`` is ours if it is."""

    id: str
    repo: str = ""
    rev: str = ""
    args: tuple[str, ...] | None = None
    stages: tuple[str, ...] | None = None
    filters: tuple[tuple[str, str], ...] = ()
    switches: tuple[tuple[str, bool], ...] = ()
    code: tuple[tuple[str, str], ...] = ()

    @property
    def runs_at(self) -> tuple[str, ...]:
        """The stages in force."""
        return STAGES.get(self.id, ()) if self.stages is None else self.stages

    def filter(self, name: str) -> str:
        """Return ``files``, ``exclude`` or another filter, or ""."""
        return dict(self.filters).get(name, "")


class HookConfig(NamedTuple):
    """A whole configuration. ``frozen`` maps commit ids to the versions that comments say they are."""

    hooks: tuple[HookUse, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    fail_fast: bool = False
    install_types: tuple[str, ...] = ("pre-commit",)
    ci_skip: tuple[str, ...] = ()
    frozen: Mapping[str, str] = {}

    def filter(self, name: str) -> str:
        """Return ``files`` or ``exclude`` of the whole configuration, or ""."""
        return dict(self.filters).get(name, "")

    def uses(self, hook: str) -> tuple[HookUse, ...]:
        """Return the entries of a hook."""
        return tuple(use for use in self.hooks if use.id == hook)

    def version(self, use: HookUse) -> tuple[int, ...]:
        """Return the version that a ``rev`` names, or () where it names none."""
        return version(self.frozen.get(use.rev, use.rev))


class Shortfall(NamedTuple):
    """A hook, and why a configuration does not have it as required. ``rev`` says that only its version is too low."""

    hook: str
    reason: str
    rev: bool = False


def is_config(path: str) -> bool:
    """Tell whether a path is a configuration of hooks; prek reads one in every folder."""
    return path.rpartition("/")[2] in NAMES


def read(path: str, text: str) -> HookConfig:
    """Read a configuration.

    Raises:
        DataError: not YAML or TOML, or not a configuration of hooks.
    """
    if path.endswith(".toml"):
        if len(text) > yamldoc.MOST_BYTES:
            raise DataError(f"{path}: too large for a configuration of hooks")
        value: Any = tables.parse(text, path).values
    else:
        value = yamldoc.read(text, path)
    if not isinstance(value, dict) or not isinstance(value.get("repos", []), list):
        raise DataError(f"{path}: not a configuration of hooks: it has no list of repos")
    ci = value.get("ci")
    return HookConfig(
        tuple(_hooks(value, path)),
        _filters(value, ("files", "exclude")),
        value.get("fail_fast") is True,
        _stages(value.get("default_install_hook_types")) or ("pre-commit",),
        _texts(ci.get("skip")) if isinstance(ci, dict) else (),
        dict(_FROZEN.findall(text)),
    )


def _hooks(value: Mapping[str, Any], path: str) -> Iterator[HookUse]:
    found = 0
    default = _stages(value.get("default_stages")) or None
    for repo in value.get("repos") or ():
        hooks = repo.get("hooks") if isinstance(repo, dict) else None
        if not isinstance(hooks, list):
            raise DataError(f"{path}: not a configuration of hooks: a repo without a list of hooks")
        found += len(hooks)
        if found > _MOST_HOOKS:
            raise DataError(f"{path}: more than {_MOST_HOOKS} hooks")
        yield from (_use(repo, hook, default) for hook in hooks if isinstance(hook, dict))


def _use(repo: Mapping[str, Any], hook: Mapping[str, Any], default: tuple[str, ...] | None) -> HookUse:
    address = str(repo.get("repo", ""))
    local = address in _LOCAL
    name, entry = str(hook.get("id", "")), str(hook.get("entry", ""))
    words = entry.split()
    if local and len(words) > 1 and words[0].rpartition("/")[2] == "sayso" and words[1] in STAGES:
        name = words[1]
    code = ("language", "entry", "additional_dependencies")
    return HookUse(
        name,
        address,
        str(repo.get("rev", "")),
        _texts(hook["args"]) if "args" in hook else None,
        _stages(hook.get("stages")) or (default if local else None),
        _filters(hook, ("files", "exclude", "types", "types_or", "exclude_types")),
        tuple((key, hook[key]) for key in ("always_run", "pass_filenames") if isinstance(hook.get(key), bool)),
        tuple((key, str(hook[key])[:_MOST_TEXT]) for key in code if key in hook),
    )


def _filters(values: Mapping[str, Any], names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _pattern(values[name])) for name in names if values.get(name))


def _pattern(value: Any) -> str:
    """Return a filter as text: a list of types or globs as alternatives, a pattern without its layout."""
    if isinstance(value, dict):  # prek: {glob = "…"} or a list of them
        value = value.get("glob", "")
    if isinstance(value, list):
        return "|".join(str(item) for item in value)[:_MOST_TEXT]
    text = str(value)[:_MOST_TEXT]
    if "(?x)" in text:
        text = re.sub(r"\s+", "", re.sub(r"(?m)(?:^|[ \t])#.*$", "", text.replace("(?x)", "")))
    return text


def _stages(value: Any) -> tuple[str, ...]:
    return tuple(_OLD_STAGES.get(stage, stage) for stage in _texts(value))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),) if value else ()


def version(text: str) -> tuple[int, ...]:
    """Return the numbers of a version such as ``v1.2.3``, or () where ``text`` is none."""
    found = _VERSION.fullmatch(text)
    return tuple(map(int, found[1].split("."))) if found else ()


def mutable(rev: str) -> bool:
    """Tell whether a ``rev`` moves by itself: a branch, or a tag of a whole series such as ``v1``."""
    return not (_COMMIT_ID.fullmatch(rev) or version(rev))


def alternatives(pattern: str) -> frozenset[str]:
    """Return the parts of a pattern that stand beside each other; a good guess at what one edit adds or takes."""
    inner = pattern.removeprefix("^").removesuffix("$").removeprefix("(?:").removeprefix("(").removesuffix(")")
    return frozenset(filter(None, (part.strip() for part in inner.split("|"))))


def takes_all(pattern: str) -> bool:
    """Tell whether an ``exclude`` takes every file, or a ``files`` none."""
    return pattern in {"^", ".", ".*", "^.*", "^.*$", ".*$", "(.*)", "^(.*)$", "^(?:.*)$", ".+", "^.+$", "**", "**/*"}


def takes_none(pattern: str) -> bool:
    """Tell whether a ``files`` takes no file at all."""
    return pattern in {"^$", "$^", "a^", "x^", "(?!)", "^(?!)", "(?!.*)", "^(?!.*)", "$."}


def missing(config: HookConfig, required: Sequence[str], minimum_rev: str = "") -> tuple[str, ...]:
    """Return why a configuration does not run ``required`` in at least ``minimum_rev``; () where it does."""
    return tuple(f"{short.hook}: {short.reason}" for short in shortfalls(config, required, minimum_rev))


def shortfalls(config: HookConfig, required: Sequence[str], minimum_rev: str = "") -> Iterator[Shortfall]:
    """Yield each required hook that is not configured, or does not run; and each hook of ours that is too old.

    A required hook that is none of ours must be there under its id. One of ours may be part of a hook that does
    the work of several.
    """
    for hook in dict.fromkeys(required):
        doing = [use for use in config.hooks if hook in covers(use.id)]
        if not doing:
            yield Shortfall(hook, "is not configured")
            continue
        reasons = [_idle(config, use, hook) for use in doing]
        if all(reasons):
            yield Shortfall(hook, reasons[0])
    wanted = version(minimum_rev)
    for use in config.hooks if wanted else ():
        if use.id in STAGES and use.repo not in _LOCAL:
            reason = _too_old(config, use, wanted, minimum_rev)
            if reason:
                yield Shortfall(use.id, reason, rev=True)


def work(config: HookConfig) -> frozenset[str]:
    """Return the hooks whose work is configured; claims count only where messages are judged, and not files alone."""
    return frozenset(
        hook for use in config.hooks for hook in covers(use.id) if hook != _CLAIMS or "commit-msg" in use.runs_at
    )


def _idle(config: HookConfig, use: HookUse, hook: str) -> str:
    """Return why an entry does not do the work of ``hook``, or ""."""
    stages = ("commit-msg",) if hook == _CLAIMS else STAGES.get(hook, use.runs_at)
    if stages and not set(use.runs_at).intersection(stage for stage in stages if stage != "manual"):
        return f"runs only at {', '.join(use.runs_at) or 'no stage'}"
    if dict(use.code).get("language") in {"fail", "pygrep"} or (use.repo not in _LOCAL and "entry" in dict(use.code)):
        return "something else runs in its place"
    for owner, what in ((use, ""), (config, " of the whole configuration")):
        if takes_all(owner.filter("exclude")):
            return f"exclude{what} leaves it no file"
        if takes_none(owner.filter("files")):
            return f"files{what} leaves it no file"
    if set(use.args or ()) & {"-h", "--help", "-V", "--version"}:
        return "its args make it print help and pass"
    return ""


def _too_old(config: HookConfig, use: HookUse, wanted: tuple[int, ...], minimum_rev: str) -> str:
    has = config.version(use)
    if has:
        return f"rev {use.rev} is below {minimum_rev}" if has < wanted else ""
    if _COMMIT_ID.fullmatch(use.rev):
        return f"rev {use.rev[:12]} has no comment '# frozen: v…' that says whether it is {minimum_rev} or later"
    return f"rev {use.rev} names no version, and {minimum_rev} or later is required"


def same_repo(one: str, other: str) -> bool:
    """Tell whether two addresses are the same repository, over whatever protocol."""
    return _address(one) == _address(other)


def _address(repo: str) -> str:
    text = re.sub(r"^[a-z+]{2,12}://(?:[^/@]{0,200}@)?|^[\w.-]{1,64}@", "", repo.strip())
    return text.replace(":", "/", 1).rstrip("/").removesuffix(".git").lower()


def ours(config: HookConfig, required: Collection[str] = ()) -> tuple[str, ...]:
    """Return the ids, once each, of the hooks of ours that are configured, and of those required."""
    return tuple(dict.fromkeys(use.id for use in config.hooks if use.id in STAGES or use.id in required))
