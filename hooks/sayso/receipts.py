"""Receipts: a hook has examined exactly this tree and let it pass. And who it was that made a commit: a person, or git.

A receipt remembers, so that a commit whose tree has none can be noticed. It proves
nothing: whoever can commit can write one, and CI looks at the bytes again.

Commits that git makes of other commits (cherry-pick, revert, rebase, a clean merge)
run no pre-commit hook, by git's design, and are nobody's way round one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from sayso.model import SaysoError

COVERED: Final[Mapping[str, tuple[str, ...]]] = {
    "sayso": (
        *("code-scan", "secret-scan", "sensitive-paths", "supply-chain", "agent-permissions", "hidden-text"),
        *("suppressions", "change-size", "gate-config", "secure-claims"),
    ),
    "sayso-message": ("ai-authorship", "secure-claims"),
    "commit-gate": ("ai-authorship", "secure-claims"),
}
"""The hooks that do the work of others in one process."""

SCANS: Final = ("code-scan", "secret-scan")
REPLAYS: Final = frozenset(("am", "cherry-pick", "filter-branch", "merge", "pull", "rebase", "revert", "stash"))

_HEAD = "sayso receipt 1"
_HEX = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_WORD = re.compile(r"[0-9A-Za-z.+-]{1,80}|")
_VALUED = frozenset(("-C", "-c", "--git-dir", "--work-tree", "--namespace", "--config-env", "--attr-source"))
_STAGES = ("prepare-commit-msg", "post-commit")
_HOOK_OPTION = re.compile(r"--hook-(?:type|stage)(?:=(.*))?", re.DOTALL)
_SKIPS = ("SKIP", "PREK_SKIP", "HUSKY", "LEFTHOOK", "LEFTHOOK_EXCLUDE")
_SHOWN = 60


class ReceiptError(SaysoError):
    """Bytes that are no receipt."""


class Receipt(NamedTuple):
    """A hook, the tree that it let pass, its version, the digest of the policy in force, and the outcome."""

    tree: str
    hook: str
    version: str
    policy: str
    outcome: str

    @property
    def key(self) -> str:
        """The name under which it is kept."""
        return f"{self.tree}-{self.hook}"


def encode(receipt: Receipt) -> bytes:
    """Return the bytes: a heading, and a line for each field."""
    fields = (f"{name} {value}" for name, value in receipt._asdict().items())
    return "".join(f"{line}\n" for line in (_HEAD, *fields)).encode("ascii")


def decode(data: bytes) -> Receipt:
    """Read back what ``encode`` wrote; anything else is refused.

    Raises:
        ReceiptError: not a receipt, or not as we write it.
    """
    lines = data.decode("ascii", "replace").split("\n")
    values = [line.partition(" ")[2] for line in lines[1 : 1 + len(Receipt._fields)]]
    if len(values) == len(Receipt._fields) and is_tree(values[0]) and all(map(_WORD.fullmatch, values)):
        receipt = Receipt(*values)
        if encode(receipt) == data:
            return receipt
    raise ReceiptError("not the form of a receipt")


def is_tree(text: str) -> bool:
    """Tell whether ``text`` is a full object id, as a tree has."""
    return _HEX.fullmatch(text) is not None


def covers(hook: str) -> tuple[str, ...]:
    """Return ``hook`` and the hooks whose work it does."""
    return (hook, *COVERED.get(hook, ()))


def unmet(
    passed: Collection[str], refused: Collection[str], required: Sequence[str], known: Collection[str]
) -> tuple[str, ...]:
    """Return the hooks that speak against a tree: those that refused it, else those that should have examined it.

    Only hooks of ours that run before a commit (``known``) leave receipts, so only they can be missed. Where the
    policy requires none of them, any scan is enough, and the answer names the hook that does them all.
    """
    done = {covered for hook in passed for covered in covers(hook)}
    against = tuple(sorted(hook for hook in refused if hook not in done))
    if against:
        return against
    asked = [hook for hook in required if hook in known]
    if asked:
        return tuple(hook for hook in dict.fromkeys(asked) if hook not in done)
    return () if done.intersection(SCANS) else ("sayso",)


def commands(ancestors: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return the git commands that led to a hook, nearest first, each from its own name on; () where none is in sight.

    Between the hook and git stand shells and hook runners. From the nearest git upwards
    only git itself counts: a commit in a script that ``git rebase --exec`` runs is the script's.
    """
    found: list[tuple[str, ...]] = []
    for argv in ancestors:
        command = _command(argv)
        if command:
            found.append(command)
        elif found:
            break
    return tuple(found)


def _command(argv: Sequence[str]) -> tuple[str, ...]:
    name = argv[0].replace("\\", "/").rpartition("/")[2].removesuffix(".exe") if argv else ""
    if name.startswith("git-"):
        return (name.removeprefix("git-"), *argv[1:])
    if name != "git":
        return ()
    words = iter(argv[1:])
    for word in words:
        if word in _VALUED:
            next(words, "")
        elif not word.startswith("-"):
            return (word, *words)
    return ("",)


def stage(ancestors: Iterable[Sequence[str]], environment: Mapping[str, str]) -> str:
    """Return the git hook on whose behalf we run, as the runner's command line or the hook's own path tells, or "".

    A runner may call us without the message file: its filters hold for that name too.
    """
    for argv in ancestors:
        if _command(argv):
            break
        for word, value in zip(argv, (*argv[1:], ""), strict=True):
            found = _HOOK_OPTION.fullmatch(word)
            name = (found[1] or value) if found else word.replace("\\", "/").rpartition("hooks/")[2]
            if name in _STAGES:
                return name
    return _STAGES[0] if environment.get("PRE_COMMIT_COMMIT_MSG_SOURCE") else ""


def replays(found: Sequence[Sequence[str]]) -> bool:
    """Tell whether git is at work on other commits, and no person commits; ``found`` as from ``commands``."""
    return any(command[0] in REPLAYS for command in found)


def replaying_action(action: str) -> bool:
    """Tell the same from ``GIT_REFLOG_ACTION``, or from the message of the newest entry in the reflog of HEAD."""
    word = re.match(r"[a-z-]*", action)
    return word is not None and word[0] in REPLAYS


def way_round(found: Sequence[Sequence[str]], environment: Mapping[str, str]) -> str:
    """Return what most probably kept the hooks from running, in words that follow "because of", or ""."""
    command = next((command for command in found if command[0] == "commit"), ())
    for word in command[1:]:
        if word == "--":
            break
        if word.startswith("--no-v") and "--no-verify".startswith(word):
            return word
        if re.fullmatch(r"-[aeopqsvz]*n[A-Za-z]*", word):
            return word if word == "-n" else f"-n (in {word[:_SHOWN]})"
    return next((f"{name}={environment[name][:_SHOWN]}" for name in _SKIPS if environment.get(name)), "")


class Unverified(NamedTuple):
    """A commit that landed though no hook had examined its tree."""

    commit: str
    tree: str


def write_log(entries: Iterable[Unverified]) -> str:
    """Return the text of the log: a line for each commit, oldest first."""
    return "".join(f"{entry.commit} {entry.tree}\n" for entry in entries)


def read_log(text: str) -> tuple[Unverified, ...]:
    """Read the log; lines that are none of ours are passed over, each commit is taken once."""
    found = (Unverified(*line.split(" ")) for line in text.split("\n") if line.count(" ") == 1)
    return tuple(dict.fromkeys(entry for entry in found if is_tree(entry.commit) and is_tree(entry.tree)))
