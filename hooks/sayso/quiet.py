"""Find files in which nothing but comments, docstrings, blank lines and spaces at line ends changed, or came.

Comments that a program obeys are no comments here: a pragma, a suppression, a build tag
or an encoding line can switch a check off. Only languages count in which a scan of
strings and comments cannot be led astray by a regular expression or a raw string; in
any other, and where a file cannot be read, everything has changed. The same holds of a file
in which a comment is a program: the C of a Go file, what a script of Python depends on, the
output that an example of Go is held against. A docstring of Python is a program in a file that
speaks of docstrings, of examples that are run, of a grammar or of a language model, for which it
is a prompt; that a program elsewhere obeys it does not show.
"""

from __future__ import annotations

import re

from sayso.comments import comments_by_line, without_docstrings
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
    ".py": re.compile(
        r"^# /// |\A(?:[^\n]*\n)?[ \t]*#[^\n]*coding[:=](?![ \t]*(?:utf-?8|latin-?1|iso-?8859-1|(?:us-)?ascii)\b)",
        re.MULTILINE | re.IGNORECASE,
    ),
    ".go": re.compile(r'"C"|^[ \t]{0,40}//[ \t]{0,8}(?:unordered )?output:', re.IGNORECASE | re.MULTILINE),
    ".h": re.compile(r'R"'),
}
"""By language, what makes comments a part of the program, or a string look like one."""
_DOCUMENTED = re.compile(
    r"""__doc__|\bdocopt|doctest|>>>|\bget_?doc(?:string)?\b|co_consts|getsource|\bdef[ \t]{1,8}[pt]_|function_tool|"""
    r"""@[\w.]{0,40}prompt|\b(?:from|import\w{0,9})\b[^\n]{0,200}?\b(?:ply|yacc|sly|spark_parser|modgrammar|contracts|"""
    r"""pytypes|defopt|flasgger|apispec|aiohttp_swagger|pydoc|linecache|tokenize|langchain\w*|langgraph|llama_index|"""
    r"""dspy|pydantic_ai|smolagents|autogen\w*|crewai|semantic_kernel|fastmcp|mcp|outlines|mirascope|marvin|ell|"""
    r"""magentic|guidance|haystack)\b""",
    re.IGNORECASE,
)
"""What shows that a docstring of the file may be executed, or obeyed as one."""
_LONGEST_TREE = 1 << 18
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
    if before is None or after is None:
        return False
    return before == after or (ending.startswith(".py") and _is_documentation(change.path, old, new))


def _is_documentation(path: str, old: str, new: str) -> bool:
    """Tell whether two texts in Python differ in docstrings and comments only.

    The lines without docstrings say so first: that is quick, and keeps each comment that is obeyed in its place. What
    only looks like a docstring is for Python's own parser to tell.
    """
    if max(len(old), len(new)) > _LONGEST_TREE or _DOCUMENTED.search(old) or _DOCUMENTED.search(new):
        return False
    (before, was), (after, now) = (without_docstrings(path, text.replace("\r\n", "\n")) for text in (old, new))
    if _code(path, before) != _code(path, after) or _obeyed(was) != _obeyed(now):
        return False
    tree = _tree(old)
    return bool(tree) and tree == _tree(new)


def _obeyed(lines: list[str]) -> list[str]:
    """Return the lines of docstrings that a tool which reads lines, and not Python, would obey."""
    return [line.strip() for line in lines if _OBEYED.search(line)]


def _tree(text: str) -> str:
    """Return what Python's parser makes of a text, without docstrings; "" where it cannot read it."""
    import ast  # noqa: PLC0415 - few changes need it
    import warnings  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.body:
                first = node.body[0]
                if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                    node.body = node.body[isinstance(first.value.value, str) :]
        return ast.dump(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""


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
