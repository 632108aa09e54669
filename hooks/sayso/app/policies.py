"""Find the policy in force: the files it stands in, as staged or at a revision, and the team's below the repository's.

A team's policy is a file that ``[team]`` names and pins by its SHA-256, or one
that ``SAYSO_TEAM_POLICY`` names from outside, as CI does. It is read and never fetched, and it
names no further file. No symbolic link is followed on the way to a policy.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from errno import EINVAL
from stat import S_ISREG
from typing import TYPE_CHECKING, NamedTuple

from sayso.adapters.git import GitError, Repository
from sayso.adapters.raw import Blob
from sayso.model import SYMLINK_MODE, Change, CheckResult, DataError, Outcome
from sayso.policy import DEFAULT, Policy

if TYPE_CHECKING:
    from sayso.app.context import Context
    from sayso.policyfile import Layer, Team

FILES = FILE, PYPROJECT = "sayso.toml", "pyproject.toml"
TEAM_VARIABLE = "SAYSO_TEAM_POLICY"
HOOK = "gate-config"

_MOST_BYTES = 256 << 10
_MOST_PYPROJECT = 2 << 20
_LONGEST_LINK = 4096
_PLAIN_REVISION = re.compile(r"HEAD|[0-9a-f]{40}|[0-9a-f]{64}")


class Loaded(NamedTuple):
    """A policy, the layers that it was merged from, the lowest first, and where each key comes from."""

    policy: Policy
    layers: tuple[Layer, ...]
    origins: Mapping[str, str]


def load(repo: Repository, revision: str = "") -> Loaded:
    """Return the policy at ``revision``, or as staged.

    Raises:
        DataError: a file that cannot be used, two policies at once, or a team's policy that is not the pinned one.
    """
    if revision and not _PLAIN_REVISION.fullmatch(revision):
        revision = repo.tree_of(revision)
    own = _own(repo, revision)
    outside = _outside()
    if own is None and outside is None:
        return Loaded(DEFAULT, (), {})
    pinned = _pinned(repo, revision, own.team, own.source) if own and own.team else None
    if pinned and outside and pinned.digest == outside.digest:
        outside = None
    return merged(tuple(layer for layer in (outside, pinned, own) if layer))


def from_disk(repo: Repository, path: str) -> Loaded:
    """Return the policy as if the file at ``path`` were the repository's."""
    from sayso import policyfile  # noqa: PLC0415 - only where there is a policy

    text = _decoded(_read_disk(path, path), path)
    found = policyfile.read if os.path.basename(path) != PYPROJECT else policyfile.within_pyproject
    own = found(text, path)
    if own is None:
        raise DataError(f"{path}: has no [tool.sayso]")
    pinned = _pinned(repo, "", own.team, own.source) if own.team else None
    return merged(tuple(layer for layer in (_outside(), pinned, own) if layer))


def merged(layers: tuple[Layer, ...]) -> Loaded:
    """Merge layers as of today; the clock is read only if something runs out."""
    from sayso.layers import merge  # noqa: PLC0415 - only where there is a policy

    today = ""
    if any(layer.relaxed for layer in layers):
        from sayso.app import advice  # noqa: PLC0415 - few policies relax anything

        today = advice.today()
    result = merge(layers, today)
    return Loaded(result.policy, layers, result.origins)


def _own(repo: Repository, revision: str) -> Layer | None:
    """Read the repository's own file; one git call finds both places where it can stand."""
    specs = [f"{revision}:{name}" for name in (FILE, PYPROJECT)]
    reader = repo.blobs(specs, _MOST_PYPROJECT)
    present = [spec for spec in specs if spec not in reader.missing]
    blobs = list(reader.blobs.values())
    found = dict(zip(present, blobs if len(blobs) == len(present) else blobs * 2, strict=True))
    for spec in specs:
        if spec not in found and _is_partial(repo):
            repo.file(spec)  # says so, if it is only not here
    own, project = (found.get(spec) for spec in specs)
    layer = _within_pyproject(project) if project else None
    if own is None:
        return layer
    if layer:
        raise DataError(f"{FILE} and [tool.sayso] in {PYPROJECT} are both there: keep one of them")
    _no_link(repo, revision, FILE, own)
    from sayso import policyfile  # noqa: PLC0415 - only where there is a policy

    return policyfile.read(_text(own, FILE), FILE)


def _within_pyproject(blob: Blob) -> Layer | None:
    if b"sayso" not in blob.data and blob.whole:
        return None
    from sayso import policyfile  # noqa: PLC0415 - only where there may be a policy

    if not blob.whole:
        raise DataError(f"{PYPROJECT}: has more than {_MOST_PYPROJECT} bytes, and was not searched for [tool.sayso]")
    if not policyfile.may_hold_policy(blob.data):
        return None
    return policyfile.within_pyproject(_decoded(blob.data, PYPROJECT), PYPROJECT)


def _no_link(repo: Repository, revision: str, path: str, blob: Blob) -> None:
    """Refuse the target of a link in place of a file. A file of text ends its last line, so few of them are asked."""
    if blob.data and not blob.data.endswith(b"\n") and blob.size <= _LONGEST_LINK:
        mode = next((item.mode for item in repo.listed(revision, [path]) if item.path == path), "")
        if mode == SYMLINK_MODE:
            raise DataError(f"{path}: is a symbolic link, and a policy is not read through one")


def _text(blob: Blob, source: str) -> str:
    if blob.size > _MOST_BYTES:
        raise DataError(f"{source}: has more than {_MOST_BYTES} bytes")
    return _decoded(blob.data, source)


def _decoded(data: bytes, source: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise DataError(f"{source}: not UTF-8: {exc.reason} at byte {exc.start}") from exc


def _is_partial(repo: Repository) -> bool:
    """Tell whether git may lack content that the repository has: it then calls it missing, as it does what is not."""
    try:
        with open(os.path.join(repo.common_dir, "config"), "rb") as file:
            settings = file.read(1 << 20).lower()
    except OSError:
        return False
    return b"promisor" in settings or b"partialclone" in settings


def _pinned(repo: Repository, revision: str, team: Team, named_by: str) -> Layer:
    """Read the team's policy that a repository names, and hold it against its pin."""
    if team.policy.startswith(("/", "~")):
        return _team(_read_disk(team.policy, team.policy), team.policy, team.sha256, named_by)
    path = team.policy
    item = next((item for item in repo.listed(revision, [path]) if item.path == path), None)
    if item is None:
        raise DataError(f"{named_by}: the team's policy {path} is not {f'at {revision}' if revision else 'staged'}")
    if item.mode == SYMLINK_MODE:
        raise DataError(f"{path}: is a symbolic link, and a policy is not read through one")
    blob = repo.blobs([item.blob], _MOST_BYTES).blobs.get(item.blob)
    if blob is None:
        raise GitError(f"git does not have the content of {path} here")
    if not blob.whole:
        raise DataError(f"{path}: has more than {_MOST_BYTES} bytes")
    return _team(blob.data, path, team.sha256, named_by)


def _outside() -> Layer | None:
    """Read the team's policy that the environment names; whoever sets the environment vouches for it."""
    path = os.environ.get(TEAM_VARIABLE, "")
    if not path:
        return None
    if not path.startswith(("/", "~/")):
        raise DataError(f"{TEAM_VARIABLE} must be an absolute path, or begin with ~/: {path}")
    return _team(_read_disk(path, f"{TEAM_VARIABLE}={path}"), path, "", "")


def _team(data: bytes, path: str, wanted: str, named_by: str) -> Layer:
    import hashlib  # noqa: PLC0415 - few repositories have a team's policy

    from sayso import policyfile  # noqa: PLC0415 - only where there is a policy

    digest = hashlib.sha256(data).hexdigest()
    if wanted and digest != wanted:
        said = f"the team's policy {path} has SHA-256 {digest}, and {named_by} pins {wanted}"
        raise DataError(f"{said}: read what changed, then pin the new one")
    layer = policyfile.read(_decoded(data, path), path, title="team", digest=digest)
    if layer.team:
        raise layer.error("team", "a team's policy names no further one")
    return layer


def _read_disk(path: str, source: str) -> bytes:
    """Read a file that is no link and no pipe, and not too large."""
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        fd = os.open(os.path.expanduser(path), flags)
        with open(fd, "rb") as file:
            if not S_ISREG(os.fstat(fd).st_mode):
                raise OSError(EINVAL, "not a regular file")  # noqa: TRY301 - told as all that cannot be read
            data = file.read(_MOST_BYTES + 1)
    except OSError as exc:
        raise DataError(f"{source}: cannot be read: {exc.strerror}") from exc
    if len(data) > _MOST_BYTES:
        raise DataError(f"{source}: has more than {_MOST_BYTES} bytes")
    return data


def changes(context: Context) -> CheckResult | None:
    """Return what the change loosens in the policy, and whom it lets in; None where it touches no policy."""
    request = context.request
    touched = {name for change in context.changes for name in change.names}
    if request.to_ref:
        before, after = request.from_ref if request.from_ref.strip("0") else "", request.to_ref
    else:
        before, after = "HEAD", ""
    now = context.policy
    if not touched & {*FILES, now.review.allowed_signers} and not now.teams:
        return None
    old, note = _before(context.repo, before, context.changes)
    watched = {FILE, PYPROJECT, old.policy.review.allowed_signers, *(layer.source for layer in old.layers)}
    new = load(context.repo, after) if touched & (watched - {old.policy.review.allowed_signers}) else old
    watched |= {layer.source for layer in new.layers}
    if not touched & watched or not (old.layers or new.layers):
        return None
    from sayso.checks import policy_changes  # noqa: PLC0415 - few changes touch a policy

    path = next((layer.source for layer in (*reversed(new.layers), *reversed(old.layers))), FILE)
    found = (
        *policy_changes.compare(old.policy, new.policy, path),
        *policy_changes.edited(context.changes, old.policy),
    )
    outcome = Outcome.FOUND if found else Outcome.CLEAR
    return CheckResult(HOOK, outcome, found, len(touched & watched), notes=(note,) if note else ())


def _before(repo: Repository, revision: str, changed: tuple[Change, ...]) -> tuple[Loaded, str]:
    """Return the policy that stood; one that cannot be read is being replaced, and counts as what is built in."""
    nothing = Loaded(DEFAULT, (), {})
    if not revision or not changed:
        return nothing, ""
    try:
        return load(repo, revision), ""
    except DataError as exc:
        return nothing, f"the policy that stood cannot be used, and the new one is compared with the defaults: {exc}"
