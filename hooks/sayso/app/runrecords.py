"""Find the records of runs on the tree of a change, whatever approvals lie beside its content."""

from __future__ import annotations

from sayso import treebytes
from sayso.adapters.git import GitError, Repository
from sayso.app import policies
from sayso.settings import DEFAULT


def bare(repo: Repository, tree: str, folder: str) -> str:
    """Return the id of ``tree`` without the folder of approvals."""

    def read(oid: str) -> bytes:
        done = repo.ask("cat-file", "tree", oid)
        if done.code:
            raise GitError(f"git cannot read the tree {oid}: {done.err.decode('utf-8', 'replace').strip()}")
        return done.out

    return treebytes.without(tree, folder, read) if tree else tree


def folder_at(repo: Repository, revision: str) -> str:
    """Return the folder of approvals by the policy of a revision, which is not the one that is being judged."""
    return (policies.load(repo, revision).policy if revision else DEFAULT).review.approvals
