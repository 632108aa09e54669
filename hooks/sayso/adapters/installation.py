"""Read what ``sayso doctor`` asks of the machine: git's settings, the folder of hooks, the environment, the ledger.

Nothing is executed but git. Hooks are read and not followed where they are links.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from stat import S_ISREG

from sayso.adapters import process
from sayso.adapters.git import GitError, Repository
from sayso.adapters.raw import text
from sayso.diagnosis import TYPES, Installation, Script, Setting

SCANNERS: Mapping[str, tuple[str, ...]] = {
    "semgrep": ("bin", "semgrep"),
    "detect-secrets": ("bin", "detect-secrets"),
    "pip-audit": ("bin", "pip-audit"),
}
_KEPT = ("GIT_", "SKIP", "PREK_SKIP", "HUSKY", "LEFTHOOK")
_OWN_SETTING = Setting("command", "command line:", "core.fsmonitor", "false")
_SCRIPT_BYTES = 16 << 10
_MOST_COMMITS = "20000"


def inspect(repo: Repository) -> Installation:
    """Return what there is.

    Raises:
        GitError: git does not tell its settings.
    """
    folder = text(_asked(repo, "rev-parse", "--path-format=absolute", "--git-path", "hooks")).rstrip("\n")
    found = {name: _script(os.path.join(folder, name)) for name in TYPES}
    return Installation(
        _version(repo),
        _settings(repo),
        {name: value for name, value in os.environ.items() if name.startswith(_KEPT)},
        folder,
        {name: script for name, script in found.items() if script},
        os.path.exists(os.path.join(repo.common_dir, "shallow")),
        _unwritable(repo),
        {name: _installed(where) for name, where in SCANNERS.items()},
    )


def unpublished(repo: Repository) -> frozenset[str]:
    """Return the ids of the newest commits that no remote is known to have."""
    done = repo.ask("rev-list", f"--max-count={_MOST_COMMITS}", "--all", "--not", "--remotes", "--")
    return frozenset(done.out.decode("ascii", "replace").split())


def on_disk(repo: Repository, name: str, limit: int) -> bytes | None:
    """Return the bytes of a file at the top of the work tree, as a runner would read it; None where there is none.

    Raises:
        GitError: it is there and cannot be read, is a link, or larger than ``limit``.
    """
    path = os.path.join(repo.top, name)
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with open(fd, "rb") as file:
            data = file.read(limit + 1) if S_ISREG(os.fstat(fd).st_mode) else b"\0" * (limit + 1)
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise GitError(f"cannot read {path}: {exc.strerror}") from exc
    if len(data) > limit:
        raise GitError(f"{path} is no file of a reasonable size")
    return data


def _asked(repo: Repository, *args: str) -> bytes:
    done = repo.ask(*args)
    if done.code:
        raise GitError(f"git {args[0]} failed: {text(done.err).strip()}")
    return done.out


def _version(repo: Repository) -> tuple[int, ...]:
    found = re.search(rb"\d{1,4}(?:\.\d{1,4}){1,3}", _asked(repo, "version"))
    return tuple(map(int, found[0].split(b"."))) if found else ()


def _settings(repo: Repository) -> tuple[Setting, ...]:
    parts = text(_asked(repo, "config", "--list", "--show-scope", "--show-origin", "-z")).split("\0")
    found = []
    for scope, origin, entry in zip(parts[0::3], parts[1::3], parts[2::3], strict=False):
        name, _, value = entry.partition("\n")
        head, _, key = name.rpartition(".")
        section, dot, middle = head.partition(".")
        named = f"{section.lower()}{dot}{middle}.{key.lower()}"
        found.append(Setting(scope, origin.removeprefix("file:"), named, value))
    return tuple(setting for setting in found if setting != _OWN_SETTING)


def _script(path: str) -> Script | None:
    try:
        state = os.lstat(path)
        if not S_ISREG(state.st_mode):
            return Script("", os.access(path, os.X_OK), link=True)
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with open(fd, "rb") as file:
            return Script(text(file.read(_SCRIPT_BYTES)), os.access(path, os.X_OK))
    except OSError:
        return None


def _unwritable(repo: Repository) -> str:
    """Return why nothing can be kept, or ""; found out by writing, since rights alone do not tell."""
    folder = os.path.join(repo.common_dir, "sayso")
    probe = os.path.join(folder, f"doctor.{os.getpid()}.tmp")
    try:
        os.makedirs(folder, exist_ok=True)
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
        os.unlink(probe)
    except OSError as exc:
        return f"{folder}: {exc.strerror}"
    return ""


def _installed(where: tuple[str, ...]) -> bool:
    try:
        return bool(process.own_executable(*where))
    except process.ProcessError:
        return False
