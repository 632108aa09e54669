"""What every use case needs: the repository, the policy in force, the change, and the text that it adds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from sayso.adapters.git import Repository, is_file
from sayso.adapters.raw import Blob
from sayso.app import policies, scope
from sayso.lines import added_lines, decode
from sayso.model import SUBMODULE_MODE, SYMLINK_MODE, AddedLine, Change, ChangeKind, Skipped, Snapshot, UsageError
from sayso.settings import DEFAULT, Policy

if TYPE_CHECKING:
    from sayso.checks.sensitive_paths import Flag

MOST_BYTES = 2 << 20


class Options(NamedTuple):
    """What a command line asks of a hook beyond the files; None leaves the answer to the policy."""

    message: str = ""
    refuse: bool = False
    authorship: str | None = None
    accepted: tuple[str, ...] | None = None
    online: bool = False
    hook: str = ""


class Addition(NamedTuple):
    """A snapshot, and the files whose lines could not be read."""

    snapshot: Snapshot
    unread: tuple[Skipped, ...]


class Context:
    """One run: what was asked, in which repository. What costs a git call is found out when it is first needed."""

    def __init__(self, request: scope.Request) -> None:
        if bool(request.from_ref) != bool(request.to_ref):
            raise UsageError("--from-ref and --to-ref belong together")
        self.repo = Repository()
        self.request = request

    @cached_property
    def policy(self) -> Policy:
        """The policy: of the base of a range, else as staged, so that what is judged is what is committed.

        A history from its beginning has no base, and is judged by its own.
        """
        base = self.request.from_ref if self.request.from_ref.strip("0") else self.request.to_ref
        return policies.load(self.repo, base if self.request.to_ref else "").policy

    @cached_property
    def base(self) -> str:
        """The revision that trust starts from, or "": what is judged does not say who is trusted."""
        if self.request.to_ref:
            return self.request.from_ref if self.request.from_ref.strip("0") else ""
        base = "HEAD~1" if self.request.amended else "HEAD"
        return base if self.repo.has(base) else ""

    @cached_property
    def trusted(self) -> Policy:
        """The policy of the base, which says whose word counts and where approvals lie."""
        touched = {name for change in self.changes for name in change.names}
        if self.request.to_ref or not (self.policy.teams or touched & set(policies.FILES)):
            return self.policy
        return policies.load(self.repo, self.base).policy if self.base else DEFAULT

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The change as a whole."""
        return scope.changed(self.repo, self.request)

    @cached_property
    def tree(self) -> str:
        """The id of the tree that the change leads to; "" while the index has conflicts."""
        return self.repo.tree_of(self.request.to_ref) if self.request.to_ref else self.repo.tree()

    @cached_property
    def addition(self) -> Addition:
        """The lines that the change adds."""
        return added(self.repo, self.changes)

    @cached_property
    def flags(self) -> tuple[Flag, ...]:
        """The sensitive places that the change touches."""
        from sayso.adapters.resources import read_table  # noqa: PLC0415 - other light hooks do without
        from sayso.checks import sensitive_paths  # noqa: PLC0415

        rules = sensitive_paths.read_rules(read_table("sensitive_areas.toml"))
        return tuple(sensitive_paths.check(self.addition.snapshot, rules))

    @cached_property
    def announced(self) -> bool:
        """Whether a coding tool is at work, where there is no message yet: by environment and author."""
        if self.request.to_ref:
            return False
        from sayso.app.hooks import ai_authorship  # noqa: PLC0415 - few hooks ask
        from sayso.app.message import Draft  # noqa: PLC0415

        draft = Draft("", "", "", self.repo.variables().get("GIT_AUTHOR_IDENT", ""), "")
        return bool(ai_authorship.markers(draft, ai_authorship.load()))


def added(repo: Repository, changes: tuple[Change, ...]) -> Addition:
    """Read both versions of every changed file and tell which lines are new."""
    wanted = (
        oid for change in changes if is_file(change) or was_file(change) for oid in (change.blob, change.old_blob)
    )
    return from_blobs(changes, repo.blobs(wanted, MOST_BYTES).blobs)


def from_blobs(changes: tuple[Change, ...], blobs: Mapping[str, Blob]) -> Addition:
    """Tell which lines are new, from blobs that were read up to ``MOST_BYTES``."""
    files = [change for change in changes if is_file(change)]
    lines: dict[str, tuple[AddedLine, ...]] = {}
    texts: dict[str, str] = {}
    gone = ((change.path, _text(blobs.get(change.old_blob))) for change in changes if was_file(change))
    before = {path: text for path, text in gone if text is not None}
    unread: list[Skipped] = []
    for change in files:
        text = _text(blobs.get(change.blob))
        if text is None:
            unread.append(_why(change, blobs.get(change.blob)))
            continue
        old = _text(blobs.get(change.old_blob)) if change.old_mode != SYMLINK_MODE else None
        texts[change.path] = text
        if old is not None:
            before[change.path] = old
        lines[change.path] = added_lines(old, text)
    return Addition(Snapshot(changes, lines, texts, before), tuple(unread))


def was_file(change: Change) -> bool:
    """Tell whether ``change`` takes a file away."""
    return change.kind is ChangeKind.DELETED and change.old_mode not in {SYMLINK_MODE, SUBMODULE_MODE}


def _text(blob: Blob | None) -> str | None:
    return decode(blob.data).text if blob and blob.whole else None


def _why(change: Change, blob: Blob | None) -> Skipped:
    if blob is None:
        return Skipped(change.path, "git does not have its content here", blocks=True)
    if blob.whole:
        return Skipped(change.path, "binary", blocks=False)
    return Skipped(change.path, f"{blob.size} bytes: its lines were not read", blocks=False)
