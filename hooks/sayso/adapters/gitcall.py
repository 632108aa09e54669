"""How git is started: which program, with which settings and environment, and how its complaints are read."""

from __future__ import annotations

import os
from collections.abc import Sequence

from sayso.adapters.raw import text
from sayso.model import SaysoError

RAW = (
    "-r",
    "--raw",
    "-z",
    "--no-abbrev",
    "--ignore-submodules=none",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
)
SETTINGS = ("-c", "core.fsmonitor=false", "-c", "diff.renameLimit=1000")
_FETCH_ALL = "this clone holds only a part: git fetch --refetch --no-filter gets the rest"


class GitError(SaysoError):
    """Git could not answer."""


def verb(args: Sequence[str]) -> str:
    """Return the name of the git command in ``args``."""
    return args[2] if args[0] == "-C" else args[0]


def first_line(output: bytes) -> str:
    """Return the first line that is no warning: git often warns before it says why it fails."""
    lines = text(output.strip()).split("\n")
    line = next((line for line in lines if not line.startswith(("warning: ", "hint: "))), lines[0])
    hint = f" ({_FETCH_ALL})" if "promisor remote" in line else ""
    return line.removeprefix("fatal: ").removeprefix("error: ") + hint


def executable() -> str:
    """Find git in the absolute entries of PATH: a relative entry would let the repository supply its own."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, "git")
        if os.path.isabs(folder) and os.access(path, os.X_OK):
            return path
    raise GitError("git is not installed, or not on PATH")


def environment() -> dict[str, str]:
    """Keep what git set for its hook, and drop what would change its answers."""
    dropped = (
        "GIT_EXTERNAL_DIFF",
        "GIT_DIFF_OPTS",
        "GIT_GLOB_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
    )
    env = {key: value for key, value in os.environ.items() if key not in dropped}
    return env | {
        "GIT_GRAFT_FILE": os.path.join(os.devnull, "none"),
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
