"""Find container images that are named without a digest, in Dockerfiles, compose files, manifests and CI.

A tag is whatever its owner last pushed. An image that a compose file builds
itself, a stage of the same Dockerfile, and ``scratch`` come from nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sayso.model import DataError
from sayso.supply import declared
from sayso.supply.declared import table
from sayso.supply.signs import Look, Sign

_DOCKERFILE = re.compile(r"(?:^|/)(?:docker|container)file(?:\.[\w.-]+)?$|\.(?:docker|container)file$")
_COMPOSE = re.compile(r"(?:^|/)(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$")
_CI = re.compile(
    r"(?:^|/)(?:\.circleci/[\w.-]+|\.drone|\.woodpecker(?:/[\w.-]+)?|bitbucket-pipelines|azure-pipelines|\.cirrus)\.ya?ml$"
)
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$|@\$|@sha512:[0-9a-f]{128}$")
_FROM = re.compile(r"from\s+(?:--\w+=\S+\s+){0,4}(\S+)(?:\s+as\s+(\S+))?", re.IGNORECASE)
_COPY = re.compile(
    r"(?:copy|add)\s{1,20}(?:--\w+=\S{1,200}\s{1,20}){0,5}--from=(\S+)|run\s.{0,300}?--mount=(?:\S{0,200},)?from=([^\s,]+)",
    re.IGNORECASE,
)
_ARG = re.compile(r"arg\s+(\w{1,100})=[\"']?([^\s\"']{1,300})", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{?(\w{1,100})(?::?-([^}]{0,200}))?\}?")
_LINE = re.compile(
    r"""^\s{0,60}(?:-\s{1,6})?["']?(?:image|container)["']?\s?:\s{1,20}["']?([^\s"'#,}]+|\{\{.{1,200}?\}\}\S*)"""
)
_KUBERNETES = re.compile(r"^apiVersion:", re.MULTILINE)
_REFERENCE = re.compile(r"[a-z0-9][\w.-]*(?::\d{1,5})?(?:/[\w.-]+){0,8}(?::[\w.-]+)?(?:@\S+)?", re.IGNORECASE)


def concerns(path: str, text: str) -> bool:
    """Tell whether a file is read here: by its name, or as a manifest of Kubernetes."""
    lower = path.lower()
    if _DOCKERFILE.search(lower):
        return True
    if not lower.endswith((".yml", ".yaml")) or "image" not in text:
        return False
    return bool(_COMPOSE.search(lower) or _CI.search(lower) or _KUBERNETES.search(text))


def check(look: Look) -> Iterator[Sign]:
    """Yield images that were not named before; raises ``DataError`` for a compose file that cannot be read."""
    lower = look.path.lower()
    if _DOCKERFILE.search(lower):
        yield from judged(dockerfile(look.before), dockerfile(look.text))
    elif _COMPOSE.search(lower):
        new = compose(look.text, look.path)
        try:
            old = compose(look.before, look.path)
        except DataError:
            old = {}
        yield from judged(old, new)
    else:
        yield from judged(_lines(look.before), {image: image for image in _lines(look.text)})


def judged(old: Iterable[str], new: Mapping[str, str]) -> Iterator[Sign]:
    """Yield those images of ``new`` that have no digest and were not named in ``old``."""
    had = set(old)
    for image, written in new.items():
        if image in had or not image or _DIGEST.search(image) or image == "scratch":
            continue
        shown, line = declared.clean(image), written
        if "$" in image or "{{" in image:
            message = f"which image {shown} is, and whether it has a digest, is decided elsewhere"
            yield Sign("supply-image-variable", line, shown, message)
        elif _REFERENCE.fullmatch(image.removeprefix("docker://")):
            yield Sign("supply-image-undigested", line, shown, f"the image {shown} has no digest")


def dockerfile(text: str) -> dict[str, str]:
    """Return the images of a Dockerfile, with the defaults of its arguments filled in, and each as it is written."""
    found: dict[str, str] = {}
    stages: set[str] = set()
    arguments: dict[str, str] = {}
    for line in _instructions(text):
        argument, base, copied = _ARG.match(line), _FROM.match(line), _COPY.match(line)
        if argument:
            arguments[argument[1]] = argument[2]
        if base:
            image = _filled(base[1].strip("\"'"), arguments)
            if image.lower() not in stages:
                found[image] = base[1]
            if base[2]:
                stages.add(base[2].lower())
        elif copied:
            written = copied[1] or copied[2]
            image = _filled(written.strip("\"'"), arguments)
            if image.lower() not in stages and not image.isdigit() and re.search(r"[/:.$]", image):
                found[image] = written
    return found


def _filled(image: str, arguments: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda found: arguments.get(found[1]) or found[2] or found[0], image)


def _instructions(text: str) -> Iterator[str]:
    parts: list[str] = []
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith("#"):
            continue
        parts.append(bare.removesuffix("\\"))
        if not bare.endswith("\\"):
            yield " ".join(parts).strip()[:2000]
            parts = []
    if parts:
        yield " ".join(parts).strip()[:2000]


def compose(text: str, path: str) -> dict[str, str]:
    """Return the images of services that are not built from the repository, and each as it is written."""
    from sayso import yamldoc  # noqa: PLC0415 - only a change to such a file pays

    document: Any = yamldoc.read(text, path)
    services = table(document, "services") or table({"": document}, "")
    written = [
        item["image"].strip()
        for item in services.values()
        if isinstance(item, dict) and isinstance(item.get("image"), str) and "build" not in item
    ]
    return {re.sub(r"\$\{\w{1,100}:?-([^}]*)\}", r"\1", image): image for image in written}


def _lines(text: str) -> Iterator[str]:
    """Yield images line by line: templates are no YAML. A template's own variables say nothing, and are left out."""
    for line in text.splitlines() if "image" in text or "container" in text else ():
        found = _LINE.match(line[:500])
        if found and "{{" not in found[1]:
            yield found[1]
