"""Find in added lines what is fetched from a new place, or verified less, outside of manifests.

Registries that a command line or a variable sets, switches of Go and pip that
drop verification, modules and providers of Terraform, and scripts that a page
loads from elsewhere without an integrity hash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from sayso.supply import declared, words
from sayso.supply.signs import Look, Sign

_MOST_TAGS = 2000
_SOURCE = re.compile(
    r"""(?<![\w-])(?:--(?:extra-)?index-url|--default-index|--registry|(?:PIP|UV)_(?:EXTRA_|DEFAULT_)?INDEX(?:_URL)?|"""
    r"""NPM_CONFIG_REGISTRY|YARN_(?:NPM_)?REGISTRY(?:_SERVER)?|GOPROXY|registry\s+set)["']?[\s=:,]{1,4}["']?([^\s"',|]{1,300})""",
    re.IGNORECASE,
)
_SET = re.compile(
    r"""\b(?:npm|yarn|pnpm|pip3?)\s+config\s+set\s+[\w.@:-]*(?:registry|index-url)[\s=]["']?(\S{1,300})"""
)
_UNVERIFIED = re.compile(
    r"""\b(?:GONOSUMDB|GONOSUMCHECK|GOINSECURE|GOPRIVATE)["']?\s{0,3}[=:]\s{0,3}["']?[^\s"']{1,200}|"""
    r"""\bGOSUMDB["']?\s{0,3}[=:]\s{0,3}["']?off\b|\bGOFLAGS["']?\s{0,3}[=:]\s{0,3}["']?[^"'\n]{0,100}-(?:mod=mod|insecure)\b|"""
    r"""(?<!\w)--trusted-host[\s=]\S{1,200}|\bstrict-ssl[\s=]+false\b"""
)
_MODULE = re.compile(r"""^\s{0,40}"?source"?\s{0,20}[=:]\s{0,4}"([^"]{1,300})\"""")
_SCRIPT = re.compile(r"<script\b([^<>]{0,1000})>", re.IGNORECASE)
_LOADED = re.compile(r"""\bsrc\s{0,3}=\s{0,3}["']?((?:https?:)?//[^\s"'<>]{1,300})""", re.IGNORECASE)


def check(look: Look, known: frozenset[str]) -> Iterator[Sign]:
    """Yield what added lines bring in; ``known`` are the hosts of the public registries."""
    lower = look.path.lower()
    if lower.endswith(words.TERRAFORM):
        yield from _modules(look)
    if lower.endswith(words.PAGES) and "<script" in look.text.lower():
        yield from _scripts(look)
    yield from _settings(look, known)


def _settings(look: Look, known: frozenset[str]) -> Iterator[Sign]:
    had: set[str] | None = None
    for line in look.added:
        short = line.text[:2000]
        if not words.sets(short.lower()) or short.lstrip().startswith(("#", "//")):
            continue
        for written in _written(short):
            had = had if had is not None else {one for text in look.before.split("\n") for one in _written(text[:2000])}
            place = declared.host(written)
            if written in had or place in known or (place and _local(place)):
                continue
            if place:
                message = f"packages may come from a new place: {place}"
                yield Sign("supply-new-registry", line.number, place, message)
            elif _UNVERIFIED.fullmatch(written):
                shown = declared.clean(written)
                yield Sign("supply-verification-off", line.number, shown, f"what is fetched is verified less: {shown}")


def _written(line: str) -> list[str]:
    """Return the addresses and switches of a line."""
    if not words.sets(line.lower()):
        return []
    found = [place[1] for pattern in (_SOURCE, _SET) for place in pattern.finditer(line)]
    off = _UNVERIFIED.search(line)
    return [*found, off[0]] if off else found


def _local(place: str) -> bool:
    return place in {"localhost", "127.0.0.1", "[::1]", "0.0.0.0"} or "." not in place  # noqa: S104 - a name to compare


def _modules(look: Look) -> Iterator[Sign]:
    """Judge ``source``: a module from git or an archive at no commit id, or a registry other than the default one."""
    had = {found[1] for line in look.before.split("\n") if (found := _MODULE.match(line[:500]))}
    hosts = {_origin(address)[1] for address in had}
    for line in look.added:
        found = _MODULE.match(line.text[:500])
        address = found[1] if found else ""
        if not address or address.startswith((".", "/")) or address in had:
            continue
        short, place = _origin(address)
        if not place or place in {"registry.terraform.io", "registry.opentofu.org"}:
            continue
        ref = re.search(r"[?&]ref=([\w./-]{1,100})", address)
        if "git" in address and not declared.is_commit(ref[1] if ref else ""):
            revision = ref[1] if ref else "no revision"
            message = f"a module comes from git ({declared.clean(short)}) at {revision}, which can be moved"
            yield Sign("supply-mutable-ref", line.number, declared.clean(short), message)
        elif place not in hosts:
            message = f"a module or provider comes from a new place: {declared.clean(short)}"
            yield Sign("supply-remote-resource", line.number, place, message)


def _origin(address: str) -> tuple[str, str]:
    """Return the address of a module without what says how it is fetched, and its host."""
    short = address.partition("::")[2] or address
    first = short.partition("/")[0]
    return short, declared.host(short) or (first if "." in first else "")


def _scripts(look: Look) -> Iterator[Sign]:
    """Compare both texts: a hash can go with a line of its own, and then no line is added."""
    had = {loaded for _, loaded in _loaded(look.before)}
    for tag, loaded in _loaded(look.text):
        if loaded in had:
            continue
        had.add(loaded)
        address = f"https:{loaded}" if loaded.startswith("//") else loaded
        message = f"a page runs a script from {declared.clean(address)} without an integrity hash"
        line = look.text.count("\n", 0, tag.start()) + 1
        yield Sign("supply-remote-resource", line, declared.host(address), message)


def _loaded(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield script tags that load from elsewhere and have no hash."""
    for tag in islice(_SCRIPT.finditer(text), _MOST_TAGS):
        loaded = _LOADED.search(tag[1])
        if loaded and "integrity" not in tag[1].lower():
            yield tag, loaded[1]
