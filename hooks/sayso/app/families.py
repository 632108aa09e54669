"""Read manifests as they are in a snapshot, with every file that they include.

Includes are followed in the index, or in the revision that is judged, and nowhere
else: not in the work tree, not outside the repository, not through a link.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sayso import lockfiles, manifests, requirements
from sayso.adapters.git import Repository, is_file
from sayso.app.scope import is_symlink
from sayso.lines import decode
from sayso.model import Change
from sayso.requirements import Gap, Listing

_MOST_BYTES = 8 << 20
_MOST_FILES = 200
_READERS = {
    manifests.REQUIREMENTS: requirements.read,
    manifests.PYLOCK: lockfiles.read_pylock,
    manifests.PYPROJECT: lockfiles.read_pyproject,
}


class Document(NamedTuple):
    """One version of one file, read."""

    path: str
    blob: str
    format: str
    listing: Listing


class Family(NamedTuple):
    """A manifest and all that it includes; ``gaps`` are what nothing in the family settles, by path."""

    documents: tuple[Document, ...]
    gaps: tuple[tuple[str, Gap], ...]

    @property
    def pins(self) -> frozenset[tuple[str, str]]:
        """All packages with their versions."""
        return frozenset((pin.name, pin.version) for document in self.documents for pin in document.listing.pins)


class Snapshot:
    """The files of the index, or of a revision, as far as manifests lead to them."""

    def __init__(self, repo: Repository, revision: str = "", loose: Mapping[str, bytes] | None = None) -> None:
        self._repo = repo
        self._revision = revision
        self._loose = loose or {}
        self._found: dict[str, Change | None] = {}
        self._read: dict[tuple[str, str], Document] = {}

    def find(self, paths: Iterable[str]) -> None:
        """Look up which of ``paths`` there are, in one call of git."""
        unknown = sorted(set(paths) - self._found.keys())
        if unknown:
            self._found.update(dict.fromkeys(unknown))
            self._found.update({change.path: change for change in self._repo.listed(self._revision, unknown)})

    def know(self, changes: Iterable[Change]) -> None:
        """Take the files of ``changes`` for what is there."""
        self._found.update({change.path: change if is_file(change) else None for change in changes})

    def family(self, change: Change, form: str) -> Family:
        """Read the manifest of ``change`` with all that it includes."""
        documents, gaps = self._followed(change, form)
        pinned = {pin.name for document in documents for pin in document.listing.pins if pin.always}
        if any(gap.name and gap.name not in pinned for _, gap in gaps):
            beside = self._beside(change.path)
            documents += beside
            pinned |= {pin.name for document in beside for pin in document.listing.pins}
        own = {document.path: document for document in documents}
        return Family(tuple(own.values()), tuple(item for item in gaps if item[1].name not in pinned))

    def including(self, paths: frozenset[str]) -> frozenset[str]:
        """Return those of ``paths`` that some manifest includes, whatever they are called."""
        found: set[str] = set()
        for change in self._repo.listed(self._revision):
            form = manifests.format_of(change.path)
            if form in {manifests.REQUIREMENTS, manifests.PYPROJECT} and is_file(change) and not is_symlink(change):
                documents, _ = self._followed(self._found.get(change.path) or change, form)
                found |= paths & {document.path for document in documents}
        return frozenset(found)

    def _followed(self, change: Change, form: str) -> tuple[list[Document], list[tuple[str, Gap]]]:
        documents: list[Document] = []
        gaps: list[tuple[str, Gap]] = []
        waiting = [(change, form)]
        seen = {change.path}
        while waiting:
            document = self.document(*waiting.pop(0))
            documents.append(document)
            gaps += [(document.path, gap) for gap in document.listing.gaps]
            targets = [(item, _resolved(document.path, item.target)) for item in document.listing.includes]
            self.find(path for _, path in targets if path)
            for item, path in targets:
                problem = self._problem(path) or ("is one file too many" if len(seen) > _MOST_FILES else "")
                if problem:
                    gaps.append((document.path, Gap(item.line, f"includes {item.target}", problem)))
                elif path not in seen:
                    seen.add(path)
                    found = self._found[path]
                    if found:
                        waiting.append((found, manifests.REQUIREMENTS))
        return documents, gaps

    def _problem(self, path: str) -> str:
        if not path:
            return "which is no file of this repository"
        found = self._found[path]
        if found is None or not is_file(found):
            return "which is not among the files that are committed"
        return "which is a symbolic link, and those are not followed" if is_symlink(found) else ""

    def _beside(self, path: str) -> list[Document]:
        names = manifests.locks_beside(path)
        self.find(names)
        there = [found for name in names if (found := self._found[name]) and is_file(found) and not is_symlink(found)]
        return [self.document(found, manifests.format_of(found.path)) for found in there]

    def document(self, change: Change, form: str) -> Document:
        """Read one file, as the blob that ``change`` names."""
        key = change.blob, form
        if key not in self._read:
            self._read[key] = Document(change.path, change.blob, form, self._listing(change.blob, form))
        return self._read[key]._replace(path=change.path)

    def _listing(self, oid: str, form: str) -> Listing:
        data = self._loose.get(oid)
        if data is None:
            blob = self._repo.blobs([oid], _MOST_BYTES).blobs.get(oid)
            if blob is None or not blob.whole:
                reason = f"is too large ({blob.size} bytes)" if blob else "is not here (a partial clone?)"
                return Listing(gaps=(Gap(0, "the file", reason),))
            data = blob.data
        text = decode(data).text
        if text is None:
            return Listing(gaps=(Gap(0, "the file", "is not text"),))
        listing = _READERS[form](text)
        nothing = not (listing.pins or listing.gaps or listing.includes)
        if nothing and form != manifests.PYPROJECT:
            return Listing(gaps=(Gap(0, "the file", "lists no package: delete it if nothing is needed"),))
        return listing


def _resolved(path: str, target: str) -> str:
    """Return the path, from the top, of a file that another one names; "" where it lies outside."""
    if posixpath.isabs(target) or ":" in target or "\\" in target or target.startswith("~"):
        return ""
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return "" if found == ".." or found.startswith(("../", "/")) else found


def before(repo: Repository, changes: Sequence[Change], revision: str) -> Snapshot:
    """Return the snapshot that ``changes`` started from; what they leave alone is as it is now."""
    old = Snapshot(repo, revision)
    old.know(Change(change.kind, change.path) for change in changes)
    old.know(
        Change(change.kind, change.old_path or change.path, mode=change.old_mode, blob=change.old_blob)
        for change in changes
        if change.old_blob
    )
    return old
