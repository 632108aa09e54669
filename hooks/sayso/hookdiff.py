"""Compare two versions of a hook runner's configuration: where the new one lets more go by.

Regular expressions are not solved. One that has lost an exception is wider; any
other edit of a filter counts as narrower, and a person looks at it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sayso.hookconfig import (
    STAGES,
    HookConfig,
    HookUse,
    alternatives,
    mutable,
    ours,
    same_repo,
    takes_all,
    takes_none,
    work,
)
from sayso.receipts import covers

_NOT_RUN = frozenset(("-h", "--help", "-V", "--version"))
_ELSEWHERE = ("--from-ref", "--to-ref", "--message")
_STRICTNESS = {"detect": 0, "require": 1, "forbid": 1}
_SHOWN = 80
_LOCAL = ("local", "meta", "builtin", ".")
_MANIFEST = "left to the manifest"


class Difference(NamedTuple):
    """A rule, the hook that it is about ("" for all), a message, and the key by which its line is found."""

    rule: str
    hook: str
    message: str
    key: str = ""


def compare(old: HookConfig, new: HookConfig, watched: Collection[str] = ()) -> Iterator[Difference]:
    """Yield what the new version lets go by; ``watched`` are hooks of others that are required."""
    yield from dropped(old, new, watched)
    for hook in ours(old, watched):
        for before, after in zip(old.uses(hook), new.uses(hook), strict=False):
            yield from _hook(old, new, before, after)
    yield from _whole(old, new)


def dropped(old: HookConfig, new: HookConfig, watched: Collection[str] = ()) -> Iterator[Difference]:
    """Yield the hooks whose work nobody does any more."""
    done = work(new)
    for hook in ours(old, watched):
        parts = covers(hook)[1:] or (hook,)
        lost = [] if hook in done else [name for name in parts if name not in done]
        if lost:
            which = f" (of its work: {', '.join(lost)})" if len(lost) < len(parts) else ""
            yield Difference("gate-hook-dropped", hook, f"{hook} is not run any more{which}")
        elif len(new.uses(hook)) < len(old.uses(hook)) and new.uses(hook):
            yield Difference("gate-hook-dropped", hook, f"one of the entries of {hook} is gone", "id")


def alone(config: HookConfig) -> Iterator[Difference]:
    """Yield what is wrong with a configuration that has no former version."""
    for use in config.hooks:
        if use.id in STAGES and use.repo not in _LOCAL and mutable(use.rev):
            yield Difference("gate-rev-mutable", use.id, _moves(use), "rev")


def _hook(old: HookConfig, new: HookConfig, before: HookUse, after: HookUse) -> Iterator[Difference]:
    hook = after.id
    if not same_repo(before.repo, after.repo):
        said = f"{hook} comes from {_short(after.repo)}, no longer from {_short(before.repo)}"
        yield Difference("gate-repo-changed", hook, said, "repo")
    elif before.rev != after.rev:
        yield from _rev(old, new, before, after)
    for name in ("files", "exclude", "types", "types_or", "exclude_types"):
        narrower = _narrower(name, before.filter(name), after.filter(name))
        if narrower:
            yield Difference("gate-files-narrowed", hook, f"{hook}: {narrower}", name)
    lost = [stage for stage in before.runs_at if stage not in after.runs_at and stage != "manual"]
    if lost:
        yield Difference("gate-stages-moved", hook, f"{hook} no longer runs at {', '.join(lost)}", "stages")
    for key, was, now in _changed(dict(before.code), dict(after.code)):
        if key == "additional_dependencies" or now:
            said = f"{key} is {_short(now or _MANIFEST)}, was {_short(was or _MANIFEST)}"
            yield Difference("gate-hook-replaced", hook, f"{hook}: {said}", key)
    for key, value in after.switches:
        if not value and dict(before.switches).get(key) is not False:
            yield Difference("gate-hook-replaced", hook, f"{hook}: {key} is switched off", key)
    yield from _args(hook, before.args or (), after.args or ())


def _rev(old: HookConfig, new: HookConfig, before: HookUse, after: HookUse) -> Iterator[Difference]:
    was, now = old.version(before), new.version(after)
    if was and now and now < was:
        said = f"{after.id}: rev goes back from {_named(old, before)} to {_named(new, after)}"
        yield Difference("gate-rev-lowered", after.id, said, "rev")
    if after.repo not in _LOCAL and mutable(after.rev) and not mutable(before.rev):
        yield Difference("gate-rev-mutable", after.id, _moves(after), "rev")


def _moves(use: HookUse) -> str:
    return f"{use.id}: rev {_short(use.rev) or 'is missing'} moves by itself"


def _named(config: HookConfig, use: HookUse) -> str:
    return config.frozen.get(use.rev, use.rev)[:_SHOWN]


def _narrower(name: str, was: str, now: str) -> str:
    """Return in words how a filter takes in less than before, or ""."""
    if was == now:
        return ""
    had, has = alternatives(was), alternatives(now)
    if name.startswith("exclude"):
        if not now or (was and has < had):
            return ""
        return f"{name} leaves out everything" if takes_all(now) else f"{name} leaves out more: {_new(has - had, now)}"
    if name == "types":  # all of them must hold
        return f"only files of the types {_short(now)}" if has - had else ""
    if not now or (was and had < has):
        return ""
    return f"{name} takes in nothing" if takes_none(now) else f"{name} takes in only {_short(now)}"


def _new(parts: Collection[str], whole: str) -> str:
    return _short(", ".join(sorted(parts)) or whole)


def _args(hook: str, was: tuple[str, ...], now: tuple[str, ...]) -> Iterator[Difference]:
    reasons = [f"{word} makes it do nothing and pass" for word in now if word in _NOT_RUN and word not in was]
    if "--refuse" in was and "--refuse" not in now:
        reasons.append("--refuse is gone")
    if _STRICTNESS.get(_value("--policy", was), 0) > _STRICTNESS.get(_value("--policy", now), 0):
        reasons.append(f"--policy {_value('--policy', was)} is gone")
    if set(_value("--accept", now).split(",")) - set(_value("--accept", was).split(",")) and _value("--accept", now):
        reasons.append(f"--accept takes {_value('--accept', now)}")
    reasons += [
        f"{option} makes it look at something else than the commit"
        for option in _ELSEWHERE
        if _value(option, now) and _value(option, now) != _value(option, was)
    ]
    for reason in reasons:
        yield Difference("gate-arguments-loosened", hook, f"{hook}: {reason}", "args")


def _value(option: str, args: tuple[str, ...]) -> str:
    for index, word in enumerate(args):
        if word == option:
            return "".join(args[index + 1 : index + 2])
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return ""


def _whole(old: HookConfig, new: HookConfig) -> Iterator[Difference]:
    for name in ("files", "exclude"):
        narrower = _narrower(name, old.filter(name), new.filter(name))
        if narrower:
            yield Difference("gate-files-narrowed", "", f"for all hooks: {narrower}", name)
    gone = [kind for kind in old.install_types if kind not in new.install_types]
    if gone:
        said = f"{', '.join(gone)} is not installed any more by default"
        yield Difference("gate-install-types", "", said, "default_install_hook_types")
    for hook in new.ci_skip:
        if hook not in old.ci_skip and hook in STAGES:
            yield Difference("gate-ci-skip", hook, f"pre-commit.ci skips {hook}", "skip")
    if new.fail_fast and not old.fail_fast:
        said = "a hook that fails keeps those after it from running and reporting"
        yield Difference("gate-fail-fast", "", said, "fail_fast")


def _changed(was: dict[str, str], now: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for key in dict.fromkeys((*was, *now)):
        if was.get(key, "") != now.get(key, ""):
            yield key, was.get(key, ""), now.get(key, "")


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
