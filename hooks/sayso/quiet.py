"""Find files in which nothing but comments, blank lines and spaces at line ends changed, or came.

Comments that a program obeys are no comments here: a pragma, a suppression, a build tag
or an encoding line can switch a check off. Only languages count in which a scan of
strings and comments cannot be led astray by a regular expression or a raw string; in
any other, and where a file cannot be read, everything has changed. The same holds of a file
in which a comment is a program: the C of a Go file, what a script of Python depends on, the
output that an example of Go is held against.
"""

from __future__ import annotations

import re

from sayso.comments import comments_by_line
from sayso.model import Change, ChangeKind, Snapshot

_OBEYED = re.compile(
    r"""#!|\bsayso:|\bnosem|\bnosec|\bnoqa|\bNOSONAR|\bpragma|\bcoding[:=]|\bts-|\beslint|\btslint|\bgo:|\+build|\btype:|"""
    r"""\bpyright|\bmypy|\bpylint|\bruff|\bgitleaks|\btrufflehog|\btrivy|\btfsec|\bcheckov|\bhadolint|\bshellcheck|\bcodeql|"""
    r"""\blgtm|\bnolint|\bprettier|\bistanbul|\bcspell|\brubocop|\bfrozen_string|@\w|\bsyntax\s{0,8}=|\bsource(?:Mapping)?URL|"""
    r"""/\*!|<!--\[if|\bcgo\b|\bcython:|\bdistutils:|\bDO NOT EDIT|\bgenerated\b|\bvim:|\bkics|\bskip""",
    re.IGNORECASE,
)
_LONGEST = 1 << 20
_PLAIN = "100644"
_LANGUAGES = (".py", ".pyi", ".go", ".c", ".h")
_PROGRAMS = {
    ".py": re.compile(r"^# /// ", re.MULTILINE),
    ".go": re.compile(r'"C"|^[ \t]{0,40}//[ \t]{0,8}(?:unordered )?output:', re.IGNORECASE | re.MULTILINE),
    ".h": re.compile(r'R"'),
}
"""By language, what makes comments a part of the program, or a string look like one."""
_DIRECTIVE = re.compile(r"//[a-z]|//\s{0,8}\+\w")
_FORMATTED = re.compile(r"""[fF][rR]?["']""")
_OTHER_LINE_ENDS = frozenset("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


def paths(snapshot: Snapshot) -> frozenset[str]:
    """Return the paths of ``snapshot`` whose code is the same before and after."""
    return frozenset(
        name for change in snapshot.changes if _is_quiet(change, snapshot) for name in (change.path, *change.names)
    )


def _is_quiet(change: Change, snapshot: Snapshot) -> bool:
    old, new = snapshot.before.get(change.path), snapshot.texts.get(change.path)
    if change.kind is ChangeKind.ADDED and change.mode == _PLAIN:
        return _is_empty(change.path, new)
    if change.kind not in {ChangeKind.MODIFIED, ChangeKind.RENAMED} or old is None or new is None:
        return False
    if change.mode != change.old_mode or max(len(old), len(new)) > _LONGEST:
        return False
    ending = change.path[change.path.rfind(".") :].lower()
    if ending not in _LANGUAGES or not all(name.lower().endswith(ending) for name in change.names):
        return False
    before, after = _code(change.path, old), _code(change.path, new)
    return before is not None and before == after


def _is_empty(path: str, text: str | None) -> bool:
    """Tell whether a new file holds no code at all, as the one that makes a folder a package often does."""
    return text is not None and len(text) <= _LONGEST and path.endswith(_LANGUAGES) and _code(path, text) == []


def _code(path: str, text: str) -> list[str] | None:
    """Return the lines that hold code, without their comments; a comment that is obeyed is code."""
    text = text.replace("\r\n", "\n")
    comments = comments_by_line(path, text)
    ending = path[path.rfind(".") :].lower()
    if comments is None or "\r" in text or not _OTHER_LINE_ENDS.isdisjoint(text):
        return None
    if ending in _PROGRAMS and _PROGRAMS[ending].search(text):
        return None
    lines = []
    continued = False
    for number, line in enumerate(text.split("\n"), 1):
        comment = comments.get(number, "")
        after, continued = continued, line.rstrip().endswith(("\\", "??/"))
        if comment and not (after or continued) and line.count(comment) == 1 and not _is_obeyed(line, comment, ending):
            line = line.replace(comment, " ")  # noqa: PLW2901 - the line without it
        if line.strip():
            lines.append(line.rstrip())
    return lines


def _is_obeyed(line: str, comment: str, ending: str) -> bool:
    """Tell whether a program reads a comment, or whether it may be a part of a string that holds other strings."""
    if ending == ".go" and _DIRECTIVE.match(comment):
        return True
    return bool(_OBEYED.search(comment)) or (ending.startswith(".py") and bool(_FORMATTED.search(line)))
