"""Find out which files a run is about: what is staged, a range, or files by name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from errno import EINVAL
from stat import S_ISREG
from typing import NamedTuple

from sayso.adapters.git import Repository, is_file
from sayso.model import SYMLINK_MODE, Change, ChangeKind, Skipped, UsageError

_READ_LIMIT = 6 << 20


class Request(NamedTuple):
    """What the command line and pre-commit's variables ask for.

    With ``named_only`` the names are the whole list, even if there are none: pre-commit
    has filtered them, and what it left out is not to be examined. With ``amended`` the change is that of the commit
    which takes the place of the current one.
    """

    names: tuple[str, ...] = ()
    from_ref: str = ""
    to_ref: str = ""
    all_files: bool = False
    named_only: bool = False
    amended: bool = False


class Scope(NamedTuple):
    """The files to examine. ``loose`` holds the bytes of files that git does not track, by their id."""

    changes: tuple[Change, ...]
    missing: tuple[Skipped, ...] = ()
    loose: Mapping[str, bytes] = {}
    notes: tuple[str, ...] = ()


def changed(repo: Repository, request: Request) -> tuple[Change, ...]:
    """Return the change as a whole: the range if one is asked for, else what is staged."""
    if request.to_ref:
        return repo.between(request.from_ref, request.to_ref)
    if repo.bare:
        raise UsageError("a bare repository has no index: give --from-ref and --to-ref")
    return repo.staged(amended=request.amended)


def files(repo: Repository, request: Request, change: Sequence[Change] | None = None) -> Scope:
    """Return the files that a scanner must look at; ``change`` is the change as a whole, where that is known.

    A name that belongs to the change is judged as a change, any other as a whole file.
    """
    if request.all_files:
        return Scope(tuple(filter(is_file, repo.listed(request.to_ref))), notes=_unstaged(repo, request, ()))
    if change is None:
        change = changed(repo, request)
    if not request.names and not request.named_only:
        return Scope(tuple(filter(is_file, change)))
    return _named(repo, request, {item.path: item for item in change if is_file(item)})


def _named(repo: Repository, request: Request, change: Mapping[str, Change]) -> Scope:
    paths = list(dict.fromkeys([*map(repo.path_of, request.names), *_unchecked_out(repo, request, change)]))
    rest = [path for path in paths if path not in change]
    whole = {item.path: item for item in repo.listed(request.to_ref, rest)} if rest else {}
    below = _below(repo, request, [path for path in rest if path not in whole])
    loose: dict[str, bytes] = {}
    missing: list[Skipped] = []
    items: dict[str, Change] = {}
    for path in paths:
        if path in change or path in whole:
            items[path] = change.get(path) or whole[path]
        elif path in below:
            items.update((item.path, change.get(item.path, item)) for item in below[path])
        elif request.to_ref:
            missing.append(Skipped(path, f"is not a file of {request.to_ref}", blocks=True))
        else:
            _add_untracked(repo, path, items, loose, missing)
    missing += [Skipped(path, "a submodule", blocks=False) for path, item in items.items() if not is_file(item)]
    unstaged = _unstaged(repo, request, [path for path in items if path not in change])
    return Scope(tuple(filter(is_file, items.values())), tuple(missing), loose, unstaged)


def _unchecked_out(repo: Repository, request: Request, change: Mapping[str, Change]) -> list[str]:
    """Return the files of a range that the work tree does not have: a hook runner leaves their names out."""
    if not request.to_ref:
        return []
    return [path for path in change if not os.path.lexists(os.path.join(repo.top, path))]


def _below(repo: Repository, request: Request, paths: Sequence[str]) -> dict[str, list[Change]]:
    """Return the tracked files below those of ``paths`` that are folders."""
    if not paths:
        return {}
    files = list(repo.listed(request.to_ref))
    found = {path: [item for item in files if path == "." or item.path.startswith(f"{path}/")] for path in paths}
    return {path: items for path, items in found.items() if items}


def _add_untracked(
    repo: Repository, path: str, items: dict[str, Change], loose: dict[str, bytes], missing: list[Skipped]
) -> None:
    try:
        data = _read_untracked(os.path.join(repo.top, path))
    except OSError as exc:
        missing.append(Skipped(path, f"cannot be read: {exc.strerror}", blocks=True))
        return
    blob = repo.hash_object(data)
    loose[blob] = data
    items[path] = Change(ChangeKind.NAMED, path, blob=blob)


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
    if not S_ISREG(os.fstat(fd).st_mode):  # a pipe would read as empty, and empty is clean
        os.close(fd)
        raise OSError(EINVAL, "not a regular file")
    with open(fd, "rb") as file:
        return file.read(_READ_LIMIT)


def is_symlink(change: Change) -> bool:
    """Tell whether the blob is the target of a symbolic link and not a file's content."""
    return change.mode == SYMLINK_MODE
