"""Targets that read what is recorded: evidence, runs, receipts, approvals, the trail, and what git prints."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from fuzz import renderers
from fuzz.inputs import name, parts, text
from sayso import (
    approvals,
    baseline,
    evidence,
    junit,
    receipts,
    resultcodec,
    runs,
    signers,
    trail,
    treebytes,
)
from sayso.adapters import raw
from sayso.model import ChangeKind
from sayso.reports import trail as shown_trail
from sayso.reports.safe import visible

_OID = "1f" * 20


def approval(data: bytes) -> None:
    """There is one way to write an approval, and nothing in it leads out of the repository."""
    statement = approvals.decode(data, "approval")
    assert approvals.encode(statement) == data
    assert not approvals.faults(statement)
    assert all(".." not in item.path.split("/") for item in statement.items)
    needed = {item.path: item for item in statement.items}
    assert approvals.matching(statement, needed) == tuple(needed)


def signature(data: bytes) -> None:
    """The head of a signature, as text and as bytes."""
    found = approvals.header(data, "approval")
    assert len(found.fingerprint) == len("SHA256:") + 43


def allowed_signers(data: bytes) -> None:
    """Whoever is let in to sign approvals is named by something of their own."""
    for signer in signers.parse(data, "allowed_signers", approvals.NAMESPACE):
        assert signer.patterns
        assert signer.key
        if signer.holds_for(approvals.NAMESPACE):
            assert not (signer.names("nobody@one.invalid") and signer.names("whoever@another.test"))


def record(data: bytes) -> None:
    """There is one way to write a record of evidence."""
    found = evidence.decode(data)
    assert evidence.encode(found) == data
    assert found.outcome


def run_record(data: bytes) -> None:
    """There is one way to write a record of a run; and it can be weighed and shown."""
    found = runs.decode(data)
    assert runs.encode(found) == data
    runs.weigh([found], found.kind, found.tree, {"deny": ("denied",)})
    runs.weigh([found], found.kind, "0" * 40)
    renderers.one_line(visible(found.command))


def receipt(data: bytes) -> None:
    """There is one way to write a receipt."""
    assert receipts.encode(receipts.decode(data)) == data


def receipt_log(data: bytes) -> None:
    """What is taken from the log is written back as it is read."""
    found = receipts.read_log(name(data))
    assert receipts.read_log(receipts.write_log(found)) == found


def results(data: bytes) -> None:
    """Kept results come back byte for byte, and every report can show them."""
    found = resultcodec.decode(data)
    assert resultcodec.encode(found) == data
    renderers.hold([result for result in found.results if result.hook != "commit-gate"])  # only the gate speaks for it


def trail_lines(data: bytes) -> None:
    """Each entry that follows the one before can be shown; a line is read in one way only."""
    chain = trail.Chain()
    for line in data.split(b"\n")[:8]:
        entry = trail.decode(line)
        renderers.lines(shown_trail.render(entry, {"request": "request"}))
        chain.follow(line)
        assert chain.head == trail.digest(line)


def commit_header(data: bytes) -> None:
    """The head of a commit object, which anybody may have written."""
    found = trail.header(data)
    assert all(len(date) <= 2001 for date in (found.authored, found.committed))


def debt(data: bytes) -> None:
    """What is read is what is written."""
    found = baseline.parse(text(data))
    assert sorted(baseline.parse(baseline.render(found))) == sorted(
        entry._replace(reason=" ".join(entry.reason.split())) for entry in found
    )


def test_report(data: bytes) -> None:
    """The counts of a report are those of its names, and a record of it comes back."""
    found = junit.read(data, "report")
    assert len([one for names in found for one in names]) <= data.count(b"<") + 1
    if all(one.isprintable() for names in found for one in names):
        run = runs.Run("tests:unit", ("pytest",), _OID, 0, tests=found)
        assert runs.decode(runs.encode(run)) == run


def tree(data: bytes) -> None:
    """A tree without a folder is the tree that never had it."""
    folder, *names = [item for item in data.replace(b"/", b"").split(b"\n")[:20] if item] or [b"x"]
    entries = {item: b"100644 %s\0" % item + bytes(20) for item in names if b"\0" not in item and item != folder}
    if b"\0" in folder:
        return
    inside = b"40000 %s\0" % folder + b"\1" * 20
    kept = b"".join(entries.values())
    trees = {"a" * 40: kept + inside, "01" * 20: b"100644 x\0" + bytes(20)}
    found = treebytes.without("a" * 40, name(folder), trees.__getitem__)
    assert found == hashlib.sha1(b"tree %d\0" % len(kept) + kept, usedforsecurity=False).hexdigest()


def raw_changes(data: bytes) -> None:
    """Names come out of git's fields as they went in, whatever bytes they have."""
    names = [item or b"x" for item in data.split(b"\0")[:12]]
    fields = [field for item in names for field in (b":100644 100755 %s %s R090" % ((_OID.encode(),) * 2), item, b"n")]
    found = list(raw.parse_changes(raw.fields(_chunks(b"\0".join(fields) + b"\0", data))))
    assert [change.old_path.encode("utf-8", "surrogateescape") for change in found] == [
        item if item != b"n" else b"" for item in names
    ]
    assert all(change.kind is ChangeKind.RENAMED for change in found)


def raw_log(data: bytes) -> None:
    """A message and a name are theirs alone: nothing in them becomes a record."""
    message, author, file = (part.replace(b"\0", b"") for part in parts(data, 3))
    head = [_OID.encode(), b"", author, b"a@example.org", author, b"a@example.org", file, message + b"\n", b""]
    entry = [b"\n:000000 100644 %s %s A" % (b"0" * 40, _OID.encode()), file or b"x", b""]
    stream = b"\0".join([*head, *entry]) + b"\0"
    commits = list(raw.parse_log(raw.fields(_chunks(stream * 2, data))))
    assert [commit.id for commit in commits] == [_OID] * 2
    for commit in commits:
        assert commit.message == (message + b"\n").decode("utf-8", "replace")
        assert commit.author.name == author.decode("utf-8", "replace")
        assert [change.path for change in commit.changes] == [name(file or b"x")]


def blobs(data: bytes) -> None:
    """Blobs come out of git's stream as they went in, in whatever chunks, and cut where they must be."""
    contents = data.split(b"\0")[:10]
    limit = len(contents[0])
    reader = raw.BlobReader(limit)
    stream = b"".join(b"%040x blob %d\n%s\n" % (n, len(body), body) for n, body in enumerate(contents))
    for chunk in _chunks(stream + b"HEAD:x missing\n", data):
        reader.feed(chunk)
    assert reader.missing == ["HEAD:x"]
    for number, body in enumerate(contents):
        blob = reader.blobs[f"{number:040x}"]
        assert (blob.data, blob.size) == (body[:limit], len(body))


def _chunks(stream: bytes, data: bytes) -> Iterator[bytes]:
    size = 1 + sum(data[:4]) % 97
    return (stream[at : at + size] for at in range(0, len(stream), size))


TARGETS = {
    "approvals": approval,
    "signature": signature,
    "signers": allowed_signers,
    "evidence": record,
    "runs": run_record,
    "receipts": receipt,
    "receipt-log": receipt_log,
    "results": results,
    "trail": trail_lines,
    "commit-header": commit_header,
    "baseline": debt,
    "junit": test_report,
    "treebytes": tree,
    "raw-changes": raw_changes,
    "raw-log": raw_log,
    "blobs": blobs,
}
