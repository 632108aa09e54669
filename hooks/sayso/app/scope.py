"""Find out which files a run is about: what is staged, a range, or files by name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sayso.adapters.git import Repository, is_file
from sayso.model import SYMLINK_MODE, Change, ChangeKind, Skipped, UsageError

_READ_LIMIT = 6 << 20


class Request(NamedTuple):
    """What the command line and pre-commit's variables ask for.

    With ``named_only`` the names are the whole list, even if there are none: pre-commit
    has filtered them, and what it left out is not to be examined.
    """

    names: tuple[str, ...] = ()
    from_ref: str = ""
    to_ref: str = ""
    all_files: bool = False
    named_only: bool = False


class Scope(NamedTuple):
    """The files to examine. ``loose`` holds the bytes of files that git does not track, by their id."""

    changes: tuple[Change, ...]
    missing: tuple[Skipped, ...] = ()
    loose: Mapping[str, bytes] = {}
    notes: tuple[str, ...] = ()


def changed(repo: Repository, request: Request, *, amended: bool = False) -> tuple[Change, ...]:
    """Return the change as a whole: the range if one is asked for, else what is staged."""
    if request.to_ref:
        return repo.between(request.from_ref, request.to_ref)
    if repo.bare:
        raise UsageError("a bare repository has no index: give --from-ref and --to-ref")
    return repo.staged(amended=amended)


def files(repo: Repository, request: Request) -> Scope:
    """Return the files that a scanner must look at.

    A name that belongs to the change is judged as a change, any other as a whole file.
    """
    if request.all_files:
        return Scope(tuple(filter(is_file, repo.listed(request.to_ref))), notes=_unstaged(repo, request, ()))
    change = changed(repo, request)
    if not request.names and not request.named_only:
        return Scope(tuple(filter(is_file, change)))
    return _named(repo, request, {item.path: item for item in change if is_file(item)})


def _named(repo: Repository, request: Request, change: Mapping[str, Change]) -> Scope:
    paths = {name: repo.path_of(name) for name in request.names}
    rest = [name for name, path in paths.items() if path not in change]
    found, absent = repo.named(rest, request.to_ref) if rest else ((), ())
    whole = {item.path: item for item in found if is_file(item)}
    loose: dict[str, bytes] = {}
    missing = [Skipped(item.path, "a submodule", blocks=False) for item in found if not is_file(item)]
    for path in absent:
        try:
            data = b"" if request.to_ref else _read_untracked(os.path.join(repo.top, path))
        except OSError as exc:
            missing.append(Skipped(path, f"cannot be read: {exc.strerror}", blocks=True))
            continue
        if request.to_ref:
            missing.append(Skipped(path, f"is not a file of {request.to_ref}", blocks=True))
            continue
        blob = repo.hash_object(data)
        loose[blob] = data
        whole[path] = Change(ChangeKind.NAMED, path, blob=blob)
    ordered = (change.get(path) or whole.get(path) for path in dict.fromkeys(paths.values()))
    return Scope(tuple(filter(None, ordered)), tuple(missing), loose, _unstaged(repo, request, tuple(whole)))


def _unstaged(repo: Repository, request: Request, paths: Sequence[str]) -> tuple[str, ...]:
    if request.to_ref or repo.bare or not (paths or request.all_files):
        return ()
    edited = repo.unstaged(paths)
    if not edited:
        return ()
    names = ", ".join(edited[:3]) + (" …" if len(edited) > 3 else "")  # noqa: PLR2004
    return (f"examined as staged; the work tree has further changes that were not: {names}",)


def _read_untracked(path: str) -> bytes:
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with open(fd, "rb") as file:
        return file.read(_READ_LIMIT)


def is_symlink(change: Change) -> bool:
    """Tell whether the blob is the target of a symbolic link and not a file's content."""
    return change.mode == SYMLINK_MODE
