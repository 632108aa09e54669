"""Tell files that nobody writes by hand, so that what a person must read can be counted apart.

A name or a place that is known for one kind of file speaks for itself. A mark in
the header is the file's own word: whoever relies on it looks at the text before the
change as well. What ``.gitattributes`` says counts for nothing, since it comes with the change.
"""

# ruff: noqa: SIM905 - a table of words reads best as words

from __future__ import annotations

import re
from functools import cache

GENERATED, VENDORED, LOCK, MINIFIED, SNAPSHOT, DATA = "generated", "vendored", "lock", "minified", "snapshot", "data"

_HEAD_BYTES = 3000
_HEAD_LINES = 30
_VENDORED = frozenset(
    "vendor vendors node_modules third_party third-party thirdparty bower_components godeps pods site-packages "
    "web_modules jspm_packages carthage .pnp".split()
)
_LOCKS = frozenset(
    "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock uv.lock poetry.lock "
    "pdm.lock pipfile.lock pylock.toml cargo.lock go.sum gemfile.lock gems.locked composer.lock gradle.lockfile "
    "packages.lock.json mix.lock pubspec.lock renv.lock conan.lock podfile.lock package.resolved flake.lock "
    ".terraform.lock.hcl chart.lock buf.lock module.bazel.lock paket.lock stack.yaml.lock cabal.project.freeze "
    "verification-metadata.xml".split()
)
_GENERATED_ENDS = (
    *("_pb2.py", "_pb2.pyi", "_pb2_grpc.py", "_pb2_grpc.pyi", ".pb.go", ".pb.gw.go", ".pb.cc", ".pb.h", ".pb.rb"),
    *("_pb.js", "_pb.d.ts", "_pb.ts", "_grpc_pb.js", ".pb.swift", ".g.dart", ".freezed.dart", ".gr.dart", ".g.cs"),
    *(".g.i.cs", ".designer.cs", ".generated.cs", ".generated.go", ".generated.ts", ".generated.js", ".gen.go"),
    *(".gen.ts", "_generated.go", "_generated.rs", "_gen.go"),
)
_DATA_ENDS = frozenset("csv tsv jsonl ndjson geojson svg parquet map dat har cassette warc ics po pot xlf".split())
_DATA_FOLDERS = frozenset("testdata fixtures __fixtures__ cassettes __cassettes__ goldens golden".split())
_DATA_IN_FOLDERS = frozenset("json xml yaml yml txt html log sql md csv out golden expected".split())
_COMMENTED = r"[ \t]{0,8}(?:#|//|/\*|\*|--|<!--|;|%|\"\"\"|''')[^\n]{0,200}?"
_MARKS = (
    rf"(?im)^{_COMMENTED}(?:\bcode generated\b[^\n]{{0,200}}\bdo not edit\b|(?<![\w.])@generated\b(?!\s{{0,3}}by hand)|"
    r"\b(?:this|the) (?:file|code|module|class|source)\b[^\n]{0,60}\b(?:is|was|has been) "
    r"(?:auto(?:matically|[- ])?\s?-?generated|generated (?:automatically|by|from|using|with))\b|"
    r"\b(?:auto-?generated|automatically generated|generated) (?:by|from|with|using|code|file|on)\b[^\n]{0,160}|"
    r"\bauto-?generated[ .:;,!-]{0,4}(?:do not|don't) (?:edit|modify|change)\b|<auto-?generated)"
)


@cache
def _marks() -> re.Pattern[str]:
    return re.compile(_MARKS)


def is_vendored(path: str) -> bool:
    """Tell whether a file lies in a folder that is known for holding other people's code."""
    low = path.lower()
    folders = low.split("/")[:-1]
    return not _VENDORED.isdisjoint(folders) or low.startswith((".yarn/releases/", ".yarn/plugins/", ".yarn/cache/"))


def kind_by_name(path: str) -> str:
    """Return what the name says: lock, snapshot, minified, vendored, generated or data; "" if a person writes it."""
    *folders, name = path.lower().split("/")
    ending = name.rpartition(".")[2]
    if name in _LOCKS:
        return LOCK
    if is_vendored(path):
        return VENDORED
    if ending in {"snap", "ambr"} or "__snapshots__" in folders or "__image_snapshots__" in folders:
        return SNAPSHOT
    if ".min." in name and ending in {"js", "css", "mjs", "cjs", "html"}:
        return MINIFIED
    if name.endswith(_GENERATED_ENDS) or "__generated__" in folders or name.startswith("zz_generated"):
        return GENERATED
    if ending in _DATA_ENDS or (ending in _DATA_IN_FOLDERS and not _DATA_FOLDERS.isdisjoint(folders)):
        return DATA
    return ""


def has_mark(text: str) -> bool:
    """Tell whether a comment among the first lines says that a program wrote the file."""
    head = "\n".join(text[:_HEAD_BYTES].split("\n", _HEAD_LINES)[:_HEAD_LINES])
    low = head.lower()
    return "generated" in low and bool(_marks().search(head))
