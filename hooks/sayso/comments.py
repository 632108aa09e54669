"""Find the prose of a file: all of a document, and of source code the comments and docstrings.

The scan knows string literals, so that ``"https://x"`` holds no comment, and
it survives broken code: what is never closed ends where its line ends, and an
unclosed comment runs to the end of the file. Comments on adjacent lines of
their own are one block, because sentences run across them.
"""

# ruff: noqa: SIM905 - a table of words reads best as words

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_DOCUMENTS = frozenset("md markdown mdx rst txt text adoc asciidoc org textile html htm xhtml tex".split())
_DOCUMENT_NAMES = frozenset(
    "readme changelog changes history news security contributing authors license licence copying notice todo install "
    "release_notes release-notes releases maintainers faq upgrading migrating".split()
)
_SILENT = frozenset("json lock csv tsv svg map ipynb geojson jsonl ndjson sum pem crt pub".split())
_FAMILIES = {
    "python": "py pyi pyw pyx bzl star",
    "c": "c h cc cpp cxx hpp hh hxx m mm cu java kt kts scala groovy gradle swift cs dart proto thrift sol zig css",
    "script": "js mjs cjs jsx ts mts cts tsx go scss less json5 jsonc",
    "rust": "rs",
    "php": "php phtml",
    "hash": "sh bash zsh fish ksh yaml yml toml rb rake gemspec pl pm r jl ex exs cmake mk nix conf cfg properties env "
    "dockerfile makefile gitignore gitattributes editorconfig tcl awk sed coffee cr nim",
    "terraform": "tf tfvars hcl",
    "powershell": "ps1 psm1 psd1",
    "sql": "sql psql plsql",
    "lua": "lua",
    "haskell": "hs elm purs ada adb ads vhd vhdl",
    "semicolon": "ini lisp el clj cljs cljc scm rkt asm s inf reg",
    "markup": "xml xsd xsl xslt vue svelte astro xaml csproj props plist erb ejs hbs razor cshtml",
}
_FAMILY_OF = {ending: family for family, endings in _FAMILIES.items() for ending in endings.split()}
_NAMED = {
    **dict.fromkeys(
        "dockerfile containerfile makefile gnumakefile justfile rakefile gemfile vagrantfile brewfile".split(), "hash"
    ),
    **dict.fromkeys(
        "procfile podfile codeowners cmakelists.txt requirements.txt robots.txt constraints.txt".split(), "hash"
    ),
    **dict.fromkeys("jenkinsfile".split(), "c"),
}
_SHEBANGS = (("python", "python"), ("node", "script"), ("deno", "script"), ("php", "php"), ("lua", "lua"))

_DOUBLE = r'"(?:\\.|[^"\\\n])*+"?'
_SINGLE = r"'(?:\\.|[^'\\\n])*+'?"
_CHAR = r"'(?:\\[^\n']{1,10}|\\'|[^'\\\n])'"
_BACKTICK = r"`(?:\\[\s\S]|[^`\\])*+(?:`|(?P<open>\Z))"
_SLASHES = r"(?P<line>//[^\n]*)|(?P<block>/\*[\s\S]*?(?:\*/|\Z))"
_HASH = r"(?:^|(?<=[\s;{}()\[\],]))(?P<line>#[^\n]*)"
_REGEX = r"[=(,:\[!&|?{};]\s{0,8}/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n]){0,99}+\]|[^/\\\n\[]){1,200}+/"
_TRIPLE = (
    r'[rRuUbBfF]{0,2}(?:"""(?:\\[\s\S]|(?!""")[^\\])*+(?:"""|(?P<open>\Z))|'
    r"'''(?:\\[\s\S]|(?!''')[^\\])*+(?:'''|(?P<open2>\Z)))"
)
_SYNTAX = {
    "python": rf"(?P<line>#[^\n]*)|(?P<triple>{_TRIPLE})|(?P<short>[rRuU]?(?:{_DOUBLE}|{_SINGLE}))",
    "c": rf"{_SLASHES}|{_DOUBLE}|{_CHAR}",
    "script": rf"{_REGEX}|{_SLASHES}|{_DOUBLE}|{_SINGLE}|{_BACKTICK}",
    "rust": rf'{_SLASHES}|r(?P<hashes>#{{1,3}})"[\s\S]*?(?:"(?P=hashes)|\Z)|{_DOUBLE}|{_CHAR}',
    "php": rf"{_SLASHES}|(?P<line2>#(?!\[)[^\n]*)|{_DOUBLE}|{_SINGLE}",
    "hash": rf"{_HASH}|{_DOUBLE}|(?<!\w){_SINGLE}",
    "terraform": rf"{_SLASHES}|(?P<line2>#[^\n]*)|{_DOUBLE}",
    "powershell": rf"(?P<block><#[\s\S]*?(?:#>|\Z))|{_HASH}|{_DOUBLE}|{_SINGLE}",
    "sql": rf"(?P<line>--[^\n]*)|(?P<block>/\*[\s\S]*?(?:\*/|\Z))|{_DOUBLE}|'(?:''|[^'\n])*+'?",
    "lua": rf"(?P<block>--\[\[[\s\S]*?(?:\]\]|\Z))|(?P<line>--[^\n]*)|{_DOUBLE}|{_SINGLE}",
    "haskell": rf"(?P<block>\{{-[\s\S]*?(?:-\}}|\Z))|(?P<line>--[^\n]*)|{_DOUBLE}|{_CHAR}",
    "semicolon": rf"(?P<line>(?:^|(?<=\s)|(?<=[)(\]]));[^\n]*)|(?P<line2>^[ \t]*#[^\n]*)|{_DOUBLE}",
    "markup": r"(?P<block><!--[\s\S]*?(?:-->|\Z)|/\*[\s\S]*?(?:\*/|\Z))|(?:^|(?<=\s))(?P<line>//[^\n]*)",
}
_ENDS = r"\s*(?:\*/|-->|#>|\]\]|-\})\s*$"
_OPENS = r"\s*(?:/\*+!?|<!--+|<#|--\[\[|\{-[|^]?|/{2,}!?|#+(?![!\[])!?|--+ ?\|?|;+)"
_STARS = r"\s*\*+(?!\*)(?=\s|$)"
_QUOTES = r"""^[rRuUbBfF]{0,2}(?:\"{3}|'{3}|"|')|(?:\"{3}|'{3}|"|')$"""


@cache
def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _scanner(family: str, *, single: bool) -> re.Pattern[str]:
    """Compile the syntax of ``family``; ``single`` leaves out the literals that run over several lines."""
    pattern = _SYNTAX[family]
    if single:
        pattern = pattern.replace(f"|{_BACKTICK}", "").replace(f"(?P<triple>{_TRIPLE})", r"(?P<triple>(?!))")
    return re.compile(pattern, re.MULTILINE)


def prose_of(path: str, text: str) -> list[tuple[int, str]] | None:
    """Return the blocks of prose of a file with the line where each starts; None if we do not know the file type.

    A document is one block. A data file without comments has none.
    """
    name = path.rpartition("/")[2].lower()
    stem, _, ending = name.rpartition(".")
    if name not in _NAMED and (
        ending in _DOCUMENTS or ((stem or name) in _DOCUMENT_NAMES and ending not in _FAMILY_OF)
    ):
        return [(1, _visible(text) if ending in ("html", "htm", "xhtml") else text)]
    if ending in _SILENT:
        return []
    family = _family(path, text)
    if not family:
        return None
    return list(_merged(_comments(text, family), text))


def comments_by_line(path: str, text: str) -> dict[int, str] | None:
    """Return what of each line of source code is comment, docstrings left out; None if we do not know the file type."""
    if path.lower().rpartition(".")[2] in _SILENT:
        return {}
    family = _family(path, text)
    if not family:
        return None
    found: dict[int, str] = {}
    line, counted = 1, 0
    for start, end, kind in _comments(text, family):
        line += text.count("\n", counted, start)
        counted = start
        if kind != "doc":
            for number, part in enumerate(text[start:end].split("\n"), line):
                found[number] = found.get(number, "") + part
    return found


def without_docstrings(path: str, text: str) -> tuple[str, list[str]]:
    """Return source code without what looks like a docstring, and the lines of these."""
    kept, lines, at = list[str](), list[str](), 0
    for start, end, kind in _comments(text, _family(path, text)):
        if kind == "doc":
            kept.append(text[at:start])
            lines += text[start:end].split("\n")
            at = end
    return "".join([*kept, text[at:]]), lines


def _family(path: str, text: str) -> str:
    """Return the key of the syntax of a file's comments, or nothing."""
    name = path.rpartition("/")[2].lower()
    stem, _, ending = name.rpartition(".")
    return _NAMED.get(name) or _FAMILY_OF.get(ending) or _NAMED.get(stem.partition(".")[0]) or _by_shebang(text)


def is_document(path: str) -> bool:
    """Tell whether all of the file is prose, so that its headings and tables count as such."""
    name = path.rpartition("/")[2].lower()
    stem, _, ending = name.rpartition(".")
    return name not in _NAMED and (
        ending in _DOCUMENTS or ((stem or name) in _DOCUMENT_NAMES and ending not in _FAMILY_OF)
    )


def _by_shebang(text: str) -> str:
    if not text.startswith("#!"):
        return ""
    first = text.partition("\n")[0]
    return next((family for word, family in _SHEBANGS if word in first), "hash")


def _visible(text: str) -> str:
    """Blank what a browser does not show as text, keeping the lines."""
    hidden = re.compile(r"<(script|style)\b[^>]{0,300}>[\s\S]*?(?:</\1\s*>|\Z)", re.IGNORECASE)
    return hidden.sub(lambda found: "\n" * found[0].count("\n"), text)


def _comments(text: str, family: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind ("line", "block" or "doc") of the comments and docstrings of ``text``."""
    scanner = _scanner(family, single=False)
    at, last = 0, ""
    while found := scanner.search(text, at):
        groups = found.groupdict()
        if groups.get("open") is not None or groups.get("open2") is not None:
            scanner = _scanner(family, single=True)
            continue
        code = text[at : found.start()].rstrip()
        last = code[-1:] or last
        if groups.get("line") is not None or groups.get("line2") is not None:
            begin = found.start("line" if groups.get("line") is not None else "line2")
            if begin or not text.startswith("#!"):
                yield begin, found.end(), "line"
        elif groups.get("block") is not None:
            yield found.start("block"), found.end(), "block"
        else:
            if (groups.get("triple") or groups.get("short")) and _is_docstring(text, found, last, code):
                yield found.start(), found.end(), "doc"
            last = '"'
        at = max(found.end(), found.start() + 1)


def _is_docstring(text: str, found: re.Match[str], last: str, code: str) -> bool:
    """Tell a string that is a statement of its own, and so begins a line, from one that is a value."""
    begin = text.rfind("\n", 0, found.start()) + 1
    if text[begin : found.start()].strip():
        return False
    if found["short"] is not None:
        return last in ("", ":")
    return (not last or last not in '([{,=+-*/%|&<>~^\\."') and not code.endswith(
        ("return", "yield", " in", " or", " and")
    )


def _merged(found: Iterator[tuple[int, int, str]], text: str) -> Iterator[tuple[int, str]]:
    """Turn places into blocks of bare text, joining comments on adjacent lines of their own."""
    line, counted = 1, 0
    first, lines, alone = 0, list[str](), False
    for start, end, kind in found:
        line += text.count("\n", counted, start)
        counted = start
        own = not text[text.rfind("\n", 0, start) + 1 : start].strip()
        bare = _bare(text[start:end], kind)
        if lines and kind == "line" and own and alone and line == first + len(lines):
            lines += bare
            continue
        if lines:
            yield first, "\n".join(lines)
        first, lines, alone = line, bare, own and kind == "line"
    if lines:
        yield first, "\n".join(lines)


def _bare(comment: str, kind: str) -> list[str]:
    """Strip the marks of a comment, or the quotes of a docstring, off each of its lines."""
    if kind == "doc":
        return _rx(_QUOTES).sub("", comment).split("\n")
    lines = comment.split("\n")
    lines[0] = _rx(_OPENS).sub("", lines[0], count=1)
    lines[-1] = _rx(_ENDS).sub("", lines[-1])
    return [lines[0].strip(), *(_rx(_STARS).sub("", line, count=1).strip() for line in lines[1:])]
