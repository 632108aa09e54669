"""Read which MCP servers an agent is given: programs that it starts, or addresses that it sends its context to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sayso.supply import declared
from sayso.supply.declared import SERVER, Entry, Reading, table, tables, texts

_TABLES = (("mcpServers",), ("servers",), ("context_servers",), ("mcp",), ("mcp", "servers"), ("mcp_servers",))
_FIELDS = (
    "command",
    "cmd",
    "args",
    "url",
    "serverUrl",
    "httpUrl",
    "uri",
    "source",
    "package",
    "path",
    "image",
    "env",
    "environment",
    "headers",
    "cwd",
)
_WORDS = ("mcp", "ervers")
_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*"?)|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?')
_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*"?)|,(?=\s*[}\]])')
_EXACT = re.compile(r"\d+\.\d+\.\d+[\w.+-]*|[0-9a-f]{40}")
_RUNNERS = frozenset(("npx", "bunx", "pnpx", "uvx", "dlx", "exec", "x", "tool", "run", "pipx", "docker", "podman"))
_SHELLS = frozenset(("cmd", "cmd.exe", "sh", "bash", "zsh", "pwsh", "powershell", "/c", "-c", "-lc", "env"))


def json_servers(text: str, path: str) -> Reading:
    """Read a JSON file with or without comments, under any of the names that agents give the table."""
    if "\\u" not in text and not any(word in text for word in _WORDS):
        return Reading()
    plain = _COMMA.sub(lambda found: found[1] or "", _COMMENT.sub(lambda found: found[1] or " ", text))
    return _servers(declared.json(plain, path) if plain.strip() else {})


def toml_servers(text: str, path: str) -> Reading:
    """Read TOML."""
    return _servers(declared.toml(text, path))


def yaml_servers(text: str, path: str) -> Reading:
    """Read YAML, where servers may stand in a list."""
    from sayso import yamldoc  # noqa: PLC0415 - few changes have one

    document = yamldoc.read(declared.bounded(text, path), path)
    return _servers(document if isinstance(document, dict) else {})


def _servers(document: Mapping[str, Any]) -> Reading:
    entries: list[Entry] = []
    for keys in _TABLES:
        named = table(document, *keys[:-1]).get(keys[-1])
        listed = {str(item.get("name", index)): item for index, item in enumerate(tables(named))}
        for name, values in (named if isinstance(named, dict) else listed).items():
            told = {key: values[key] for key in _FIELDS if isinstance(values, dict) and key in values}
            if told:
                entries.append(Entry(SERVER, str(name), json.dumps(told, sort_keys=True, default=str), str(name)))
    return Reading(entries=tuple(entries))


def words(value: str) -> list[str]:
    """Return the command line of a server, as far as it has one."""
    told = json.loads(value)
    command = told.get("command", told.get("cmd", ""))
    line = [*texts(table({"": command}, "").get("path", "") if isinstance(command, dict) else command)]
    line += texts(table({"": command}, "").get("args", [])) if isinstance(command, dict) else []
    line += texts(told.get("args", []))
    return [word for text in line for word in text.split()]


def address(value: str) -> str:
    """Return where a server that is not started here is, or ""."""
    told = json.loads(value)
    return next((str(told[key]) for key in ("url", "serverUrl", "httpUrl", "uri") if key in told), "")


def unpinned(value: str) -> str:
    """Return the package or image that a server is started from, if it is fetched anew and can be another one then."""
    line = [word for word in words(value) if not {word.lower(), word.rpartition("/")[2].lower()} & _SHELLS]
    if not line:
        return ""
    program = line[0].rpartition("/")[2].lower().removesuffix(".cmd").removesuffix(".exe")
    if program in {"docker", "podman"}:
        return next(_images(line[1:]), "") if "run" in line[1:3] else ""
    fetches = program in {"npx", "bunx", "pnpx", "uvx"} or (
        program in {"pnpm", "yarn", "npm", "bun", "uv", "pipx"} and not _RUNNERS.isdisjoint(line[1:3])
    )
    if not fetches or (program == "uv" and "tool" not in line[1:3] and "--with" not in line):
        return ""
    package = _package(line[1:])
    pinned = re.search(r"(?:==|(?<=.)@)([^@]+)$", package)
    return "" if not package or (pinned and _EXACT.fullmatch(pinned[1])) or package.startswith(".") else package


def _package(line: list[str]) -> str:
    rest = iter(line)
    for word in rest:
        if word in {"-p", "--package", "--from", "--spec", "--with"}:
            return next(rest, "")
        if word.startswith(("--package=", "--from=", "--spec=")):
            return word.partition("=")[2]
        if not word.startswith("-") and word not in _RUNNERS:
            return word
    return ""


def _images(line: list[str]) -> Iterator[str]:
    """Yield the image of ``docker run``: the first word that looks like one and is no value of an option."""
    before = "run"
    for word in line:
        valued = (
            before.startswith("-") and "=" not in before and before not in {"-i", "-it", "-t", "--rm", "-d", "--init"}
        )
        if not word.startswith("-") and not valued and word != "run":
            if "=" not in word and not re.search(r"@sha256:[0-9a-f]{64}$", word):
                yield word
            return
        before = word
