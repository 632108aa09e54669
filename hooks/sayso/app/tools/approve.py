"""``sayso approve``: sign that you have reviewed these files, byte for byte.

Signed is what is staged, or what a range ends with, and not the work tree. Before
that the files are listed and a person has to say yes on the terminal; a coding tool
is refused, since its approval would be none.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from typing import TextIO

from sayso import approvals, reviewers, settings
from sayso.adapters import approvalfiles, signing
from sayso.adapters.git import Repository
from sayso.app import policies, reviews
from sayso.app.approvalrun import Trust
from sayso.app.context import Context
from sayso.app.hooks import ai_authorship
from sayso.app.scope import Request
from sayso.approvals import NAMESPACE, Statement
from sayso.authornames import identity
from sayso.authorrules import AuthorRules
from sayso.checks.ai_authorship import find_markers
from sayso.model import NO_MODE, Change, Identity, UsageError
from sayso.reports.safe import visible

PASSES_ON = True  # what follows -- are paths

_NOBODY = Identity("", "")
_MOST_ANSWER = 64
_YES = (b"y", b"yes")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "path",
        nargs="*",
        metavar="PATH",
        help="a file or folder of the change; by default its sensitive files, or all if it has none",
    )
    parser.add_argument(
        "--from-ref", default="", metavar="REV", help="approve what a range changes, not what is staged"
    )
    parser.add_argument("--to-ref", default="", metavar="REV", help="the end of that range")
    parser.add_argument("--amend", action="store_true", help="approve all of the commit that --amend will make")
    parser.add_argument("--role", choices=approvals.ROLES, default=approvals.REVIEW)
    parser.add_argument("--key", default="", metavar="FILE", help="an SSH key, private, or public if an agent has it")
    parser.add_argument("--as", default="", dest="principal", metavar="NAME", help="your name in allowed_signers")
    parser.add_argument(
        "--note", default="", metavar="TEXT", help="what else you want to say; it is signed with the rest"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask: you have read the files and know what they are")


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Sign, keep and stage the approval; return 1 where a tool asked for it, or the person said no."""
    authors = ai_authorship.load()
    if tool := _tool_at_work(authors):
        return _refuse(
            out, f"this is the environment of {tool}: an approval is a person's, given in their own terminal"
        )
    if args.amend and args.to_ref:
        raise UsageError("--amend is for what is staged, and a range is not")
    context = Context(Request((), args.from_ref, args.to_ref, amended=args.amend))
    repo = context.repo
    if repo.bare:
        raise UsageError("a bare repository has no files to approve: run this in a clone")
    principal = args.principal or identity(repo.variables().get("GIT_COMMITTER_IDENT", "")).email
    if not principal:
        raise UsageError("git does not know your address: name yourself with --as, as allowed_signers does")
    if reviewers.is_tool(Identity("", principal), authors):
        return _refuse(out, f"{principal} is a coding tool, and no tool's review is a person's")
    base = _base(repo, args.from_ref)
    policy = policies.load(repo, base).policy if base else settings.DEFAULT
    terms = reviews.checked(policy.review)
    chosen = _chosen(context, [*args.path, *_passed(args.passed_on)], terms.approvals)
    items = approvals.items_of(chosen, terms.approvals)
    history = base or (repo.commit(args.to_ref) if args.to_ref else repo.head())
    statement = Statement(
        args.role,
        principal,
        time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        approvalfiles.root(repo, history) if history else "",
        tuple(items[path] for path in sorted(items)),
        args.note,
    )
    if fault := approvals.faults(statement):
        raise UsageError(fault)
    key = args.key or signing.default_key(repo.variables())
    _show(out, statement, chosen)
    if not args.yes and not _confirmed():
        out.write("nothing was signed\n")
        return 1
    data = approvals.encode(statement)
    signature = signing.sign(data, NAMESPACE, key)
    _keep(repo, terms.approvals, statement, {".json": data, ".json.sig": signature}, staged=not args.to_ref)
    out.write(f"signed: {terms.approvals}/{statement.id}.json{'' if args.to_ref else ', staged'}\n")
    doubts = _doubts(repo, base, policy, statement, signature)
    add = f"git add -- ':/{terms.approvals}' && git commit -m 'Approve'"
    then = f"now: {add if args.to_ref else 'git commit --amend' if args.amend else 'git commit'}"
    out.writelines(f"{line}\n" for line in doubts or (then,))
    return 0


def _tool_at_work(authors: AuthorRules) -> str:
    """Return the name of the coding tool in whose environment we are, or ""."""
    marks = find_markers("", _NOBODY, _NOBODY, authors, os.environ)
    known = authors.tools.get(marks[0].tool) if marks else None
    return (known.name if known else marks[0].tool) if marks else ""


def _refuse(out: TextIO, why: str) -> int:
    out.write(f"refused: {visible(why)} (review-by-tool)\n")
    return 1


def _passed(words: Sequence[str]) -> list[str]:
    if words and words[0] != "--":
        raise UsageError(f"sayso approve: unknown option {words[0]}")
    return list(words[1:])


def _base(repo: Repository, start: str) -> str:
    """Return the commit whose policy and signers hold, or "" where there is none yet."""
    if start:
        return repo.commit(start) if start.strip("0") else ""
    return repo.head()


def _chosen(context: Context, names: Sequence[str], folder: str) -> tuple[Change, ...]:
    """Return the changes to approve: those that are named, else those that are sensitive, else all.

    Raises:
        UsageError: there are none, or a name is not among them.
    """
    changes = tuple(change for change in context.changes if approvals.items_of([change], folder))
    where = f"{context.request.from_ref}..{context.request.to_ref}" if context.request.to_ref else "what is staged"
    if not changes:
        raise UsageError(f"nothing to approve in {where}: stage the files, or say --amend, or --from-ref and --to-ref")
    if not names:
        sensitive = {flag.path for flag in context.flags}
        return tuple(change for change in changes if not sensitive.isdisjoint(change.names)) or changes
    found: dict[str, Change] = {}
    for name in names:
        path = context.repo.path_of(name)
        inside = [item for item in changes if path == "." or any(_lies(other, path) for other in item.names)]
        if not inside:
            raise UsageError(f"{name}: is not part of {where}, or needs no approval")
        found |= {item.path: item for item in inside}
    return tuple(found.values())


def _lies(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _show(out: TextIO, statement: Statement, chosen: Sequence[Change]) -> None:
    """List what will be signed, one path a line."""
    kinds = {change.path: str(change.kind) for change in chosen}
    count = len(statement.items)
    out.write(f"{statement.role} by {visible(statement.principal)} of {count} path{'' if count == 1 else 's'}:\n")
    for item in statement.items:
        gone = item.mode == NO_MODE
        state = "" if gone else f"  {item.blob[:12]}  mode {item.mode}"
        out.write(f"  {'deleted' if gone else kinds.get(item.path, ''):<13}{visible(item.path)}{state}\n")
    if statement.note:
        out.write(f"note: {visible(statement.note)}\n")
    out.flush()


def _confirmed() -> bool:
    """Ask on the terminal, wherever input and output go.

    Raises:
        UsageError: there is no terminal.
    """
    try:
        fd = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as exc:
        raise UsageError("no terminal to ask on: run this in one, or say --yes if you have read the files") from exc
    try:
        os.write(fd, b"Have you read these files, and do you approve them as they are? [y/N] ")
        return os.read(fd, _MOST_ANSWER).strip().lower() in _YES
    finally:
        os.close(fd)


def _keep(repo: Repository, folder: str, statement: Statement, files: dict[str, bytes], *, staged: bool) -> None:
    approvals.header(files[approvals.SIGNATURE_SUFFIX], "what ssh-keygen wrote")
    named = {f"{statement.id}{suffix}": data for suffix, data in files.items()}
    approvalfiles.write(repo, folder, named)
    if staged:
        approvalfiles.stage(repo, {f"{folder}/{name}": data for name, data in named.items()})


def _doubts(
    repo: Repository, base: str, policy: settings.Policy, statement: Statement, signature: bytes
) -> Sequence[str]:
    """Return why the approval will not count as things stand on the base."""
    terms, who = policy.review, visible(statement.principal)
    trust = Trust.read(repo, terms, base)
    if trust.data is None:
        steps = reviewers.bootstrap(terms)
        said = f"it will not count: the base has no {terms.allowed_signers}; a person has to land one first, as follows"
        return (said, *(f"  {step}" for step in steps))
    key = approvals.header(signature, "the signature")
    lines = [line for line in trust.signers if line.names(statement.principal) and line.holds_for(NAMESPACE)]
    if not any(line.authority or line.key == key.key for line in lines):
        return (f"it will not count: {terms.allowed_signers} of the base does not have {key.fingerprint} for {who}",)
    person = next((item for item in policy.people if statement.principal in item.emails), None)
    if policy.people and (person is None or statement.role not in person.may):
        return (f"it will not count: the policy of the base does not let {who} give a {statement.role}",)
    return ()
