"""Read the message of the commit in the making, and keep it where it is refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from sayso import gitcommit
from sayso.adapters import process
from sayso.adapters.git import Repository
from sayso.app.context import Context
from sayso.lines import decode
from sayso.message import clean_message, comment_string
from sayso.model import CheckResult, SaysoError, Severity, UsageError

_MOST_BYTES = 1 << 20
_KEPT = 20
_OFF = frozenset(("", "false", "no", "off", "0"))


class Draft(NamedTuple):
    """A message as git will store it, line for line as it was written, and who sign it: ``Name <mail>`` and a date."""

    path: str
    raw: str
    text: str
    author: str
    committer: str


def is_message(repo: Repository, name: str) -> bool:
    """Tell a message file from a file of the change: it lies in the git directory, or outside the work tree."""
    path = os.path.realpath(name)
    top = os.path.realpath(repo.top)
    return path.startswith((repo.git_dir + os.sep, repo.common_dir + os.sep)) or not path.startswith(top + os.sep)


def default_path(repo: Repository) -> str:
    """Return where git keeps the message, for a runner that passes no name."""
    return os.path.join(repo.git_dir, "COMMIT_EDITMSG")


def read(repo: Repository, path: str) -> Draft:
    """Read a message file.

    Raises:
        UsageError: it cannot be read.
        SaysoError: it is larger than 1 MiB, or not text.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as exc:
        raise UsageError(f"cannot read the commit message {path}: {exc.strerror}") from exc
    if len(data) > _MOST_BYTES:
        raise SaysoError(f"the commit message {path} has more than {_MOST_BYTES} bytes: not examined")
    raw = decode(data).text
    if raw is None:
        raise SaysoError(f"the commit message {path} is not text: not examined")
    settings = repo.variables()
    author, committer = (settings.get(f"GIT_{who}_IDENT", "") for who in ("AUTHOR", "COMMITTER"))
    return Draft(path, raw, _stored(settings, raw), author, committer)


def calling() -> list[str] | None:
    """Return the arguments of the ``git commit`` that called us; None where that cannot be found out."""
    return gitcommit.arguments(process.ancestors())


def _stored(settings: Mapping[str, str], raw: str) -> str:
    """Drop what git drops: comments only where an editor was open, or the command line or configuration says so.

    What is below scissors git drops where it put the change there itself, or was told to.
    """
    comment = comment_string(settings.get("core.commentstring") or settings.get("core.commentchar"), raw)
    args = calling()
    cleanup = gitcommit.cleanup(args or ()) or settings.get("commit.cleanup", "default")
    edited = os.environ.get("GIT_EDITOR") != ":"
    drops = cleanup == "strip" or (cleanup == "default" and edited)
    verbose = gitcommit.is_verbose(args or ())
    if verbose is None:
        verbose = settings.get("commit.verbose", "").lower() not in _OFF
    cuts = args is None or verbose or (cleanup == "scissors" and edited)
    return clean_message(raw, comment, keep_comments=not drops, cuts=cuts)


def judged(context: Context, path: str, judge: Callable[[Draft], list[CheckResult]]) -> list[CheckResult]:
    """Read a message and judge it; one that is refused, or that cannot be judged, is kept.

    The command that uses it again stands in the last result's notes, or in the error.
    """
    repo = context.repo
    draft = None
    try:
        draft = read(repo, path)
        results = judge(draft)
    except SaysoError as exc:
        if not os.path.isfile(path):
            raise
        command = _keep(repo, draft, path)
        raise type(exc)(f"{exc}; your message is kept; to edit and use it again: {command}") from exc
    if any(finding.severity is Severity.ERROR for result in results for finding in result.findings):
        note = f"your message is kept; to edit and use it again: {_keep(repo, draft, path)}"
        results[-1] = results[-1]._replace(notes=(*results[-1].notes, note))
    return results


def _keep(repo: Repository, draft: Draft | None, source: str) -> str:
    """Save a message in the git directory and return the command that uses it again.

    Raises:
        SaysoError: it cannot be written.
    """
    import hashlib  # noqa: PLC0415 - only a refusal pays for it

    folder = os.path.join(repo.common_dir, "sayso", "refused")
    path = folder
    try:
        data = _told(draft, source)
        path = os.path.join(folder, f"{hashlib.sha256(data).hexdigest()[:12]}.txt")
        os.makedirs(folder, exist_ok=True)
        beside = f"{path}.{os.getpid()}.tmp"
        fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with open(fd, "wb") as file:
            file.write(data)
        os.replace(beside, path)
        _forget_oldest(folder)
    except OSError as exc:
        raise SaysoError(f"cannot keep the refused message in {path}: {exc.strerror}") from exc
    shown = os.path.relpath(path, users_folder(repo))
    args = calling()
    if args is None:
        args = ["--amend"] if repo.is_amend() else []
    return gitcommit.again(args, shown)


def _told(draft: Draft | None, source: str) -> bytes:
    """Return what the author wrote, without the diff of a verbose commit; all of it where it could not be read."""
    if draft is None:
        with open(source, "rb") as file:
            return file.read()
    lines = draft.raw.split("\n")[: draft.text.count("\n") + 1]
    return ("\n".join(lines).rstrip("\n") + "\n").encode("utf-8", "surrogateescape")


def users_folder(repo: Repository) -> str:
    """Return the folder that the user is in: git runs its hooks at the top and says where it was called."""
    return os.path.join(repo.top, os.environ.get("GIT_PREFIX") or repo.prefix)


def shown(repo: Repository, paths: Iterable[str]) -> list[str]:
    """Return paths as the user names them in the folder where the command was given."""
    here = users_folder(repo)
    return [os.path.relpath(os.path.join(repo.top, path), here) for path in paths]


def _forget_oldest(folder: str) -> None:
    names = [entry.path for entry in sorted(os.scandir(folder), key=lambda entry: entry.stat().st_mtime)]
    for path in names[:-_KEPT]:
        os.unlink(path)
