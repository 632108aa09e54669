"""Read Gemfile and gemspec, which are Ruby code, line by line: what is computed is not seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sayso.supply import declared
from sayso.supply.declared import SCRIPT, SOURCE, Dependency, Entry, Reading

_GEM = re.compile(
    r"""^(?:gem|\w{1,20}\.add_(?:runtime_|development_)?dependency)[\s(]\s*["']([\w.-]{1,100})["'](?:\.freeze)?(.*)""",
    re.DOTALL,
)
_SPEC = re.compile(r"""["']\s*((?:~>|>=|<=|!=|=|>|<)?\s*v?\d[\w.]*)\s*["']""")
_OPTION = re.compile(
    r"""(?:\b|:)(git|github|gitlab|bitbucket|gist|path|ref|tag|branch|source)(?:"?:|\s*=>)\s*["']([^"']{1,300})["']"""
)
_BLOCK = re.compile(r"""^(source|git|github|path)[\s(]\s*["']([^"']{1,300})["'](.*?)\bdo\b""")
_SOURCE = re.compile(r"""^source[\s(]\s*["']([^"']{1,300})["']""")
_EXTENSIONS = re.compile(r"^\w{1,20}\.extensions\s*(?:=|<<|\+=)\s*(.+)")
_COMPUTED = re.compile(r"\?|\bRUBY_|\bENV\b|#\{")
_HOSTS = {"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org", "gist": "gist.github.com"}


def gemfile(text: str, path: str) -> Reading:
    """Read gems, the sources that they come from, and extensions that are compiled on install."""
    folder = path.rpartition("/")[0]
    found: list[Dependency] = []
    entries: list[Entry] = []
    blocks: list[dict[str, str]] = []
    for line in _logical(declared.bounded(text, path)):
        block, source, gem = _BLOCK.match(line), _SOURCE.match(line), _GEM.match(line)
        if block:
            blocks.append({block[1]: block[2], **dict(_OPTION.findall(block[3]))})
        elif line == "end":
            blocks = blocks[:-1]
        elif re.search(r"\bdo(?:\s*\|\w*\|)?$", line) or re.match(r"(?:if|unless|case|begin|def)\b", line):
            blocks.append({})
        if source:
            entries.append(Entry(SOURCE, "source", source[1], source[1]))
        extension = _EXTENSIONS.match(line)
        if extension:
            entries.append(Entry(SCRIPT, "extensions", extension[1], "extensions"))
        if gem:
            options = {key: value for item in blocks for key, value in item.items()}
            found.append(_gem(gem[1], gem[2], options, folder))
            entries += _sources(gem[2])
    return Reading(tuple(found), tuple(entries))


def _gem(name: str, rest: str, around: dict[str, str], folder: str) -> Dependency:
    own = dict(_OPTION.findall(rest))
    options = {**around, **own}
    spec = ", ".join(_SPEC.findall(_OPTION.sub("", rest)))
    computed = _COMPUTED.search(rest)
    origin = declared.MANAGED if computed else declared.REGISTRY
    found = Dependency(name, "" if computed else spec, "ruby", "", origin, written=name)
    if "path" in options:
        outside = declared.leaves(folder, options["path"])
        return found._replace(origin=declared.PATH if outside else declared.OWN, where=options["path"])
    hosted = next((key for key in _HOSTS if key in options), "")
    git = options.get("git") or (f"https://{_HOSTS[hosted]}/{options[hosted]}" if hosted else "")
    if git:
        ref = next((options[key] for key in ("ref", "tag", "branch") if key in options), "")
        return found._replace(origin=declared.GIT, where=git, ref=ref)
    return found


def _sources(rest: str) -> Iterator[Entry]:
    for key, value in _OPTION.findall(rest):
        if key == "source":
            yield Entry(SOURCE, "source", value, value)


def _logical(text: str) -> Iterator[str]:
    """Yield lines without comments, joined where an argument list goes on."""
    parts: list[str] = []
    for line in text.splitlines():
        bare = re.sub(r"(?:^|\s)#(?!\{).*$", "", line).strip()
        parts.append(bare)
        if not bare.endswith((",", "\\")) or len(parts) > 50:  # noqa: PLR2004 - no gem has more arguments
            yield " ".join(parts)
            parts = []
    if parts:
        yield " ".join(parts)
