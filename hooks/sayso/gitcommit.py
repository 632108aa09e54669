"""Read the command line of ``git commit``: what it says of the commit, and how to give the command again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_MESSAGES = ("message", "file", "reuse-message", "reedit-message", "template", "fixup", "squash")
_VALUED = ("author", "date", "cleanup", "trailer", "pathspec-from-file")
_EDITS = ("edit", "no-edit")
_SHORT_MESSAGES = "mFCct"
_SHORT_OPTIONAL = "Su"


def arguments(commands: Iterable[Sequence[str]]) -> list[str] | None:
    """Return what follows ``commit`` in the nearest of ``commands`` that is a git commit; None where there is none."""
    for argv in commands:
        if argv and argv[0].rpartition("/")[2] == "git" and "commit" in argv:
            return list(argv[argv.index("commit") + 1 :])
    return None


def amends(args: Sequence[str]) -> bool:
    """Tell whether ``--amend`` is among the options; git takes any beginning that is not ambiguous."""
    return any(_is(word, "amend", 2) for word in _options(args))


def cleanup(args: Sequence[str]) -> str:
    """Return the last value of ``--cleanup``, or ""."""
    found = ""
    words = list(_options(args))
    for index, word in enumerate(words):
        name, given, value = word.partition("=")
        if _is(name, "cleanup", 2):
            found = value if given else "".join(words[index + 1 : index + 2])
    return found


def is_verbose(args: Sequence[str]) -> bool | None:
    """Tell whether the options ask for the change below the message, where git cuts it off; None if they are silent."""
    found = None
    words = iter(_options(args))
    for word in words:
        name, given, _ = word[2:].partition("=")
        if not word.startswith("--"):
            flags = "".join(_short(word, words)) if word.startswith("-") else ""
            found = True if "v" in flags.partition("S")[0].partition("u")[0] else found
        elif name in {*_MESSAGES, *_VALUED}:
            next(words if not given else iter(()), "")
        elif _is(word, "verbose", 4) or _is(word, "no-verbose", 7):
            found = not word.startswith("--no")
    return found


def again(args: Sequence[str], path: str) -> str:
    """Return the command with the message taken from ``path``, in the editor, and all other options as they were."""
    kept: list[str] = []
    words = iter(args)
    for word in words:
        if word == "--":
            kept += [word, *words]
        elif word.startswith("--"):
            name, given, _ = word[2:].partition("=")
            if name in _EDITS:
                continue
            valued = name in _MESSAGES or name in _VALUED
            value = [next(words, "")] if valued and not given else []
            if name not in _MESSAGES:
                kept += [word, *value]
        elif word.startswith("-") and len(word) > 1:
            kept += _short(word, words)
        else:
            kept.append(word)
    from shlex import join  # noqa: PLC0415 - only a refusal pays for it

    at = kept.index("--") if "--" in kept else len(kept)
    return join(["git", "commit", *kept[:at], "-e", "-F", path, *kept[at:]])


def _short(word: str, words: Iterable[str]) -> list[str]:
    """Take the message out of a cluster such as ``-am``, with the value that may be the next word."""
    flags = ""
    for index, letter in enumerate(word[1:], 1):
        if letter in _SHORT_MESSAGES:
            if index == len(word) - 1:
                next(iter(words), "")
            break
        if letter in _SHORT_OPTIONAL:
            flags += word[index:]
            break
        if letter != "e":
            flags += letter
    return [f"-{flags}"] if flags else []


def _options(args: Sequence[str]) -> list[str]:
    return list(args[: args.index("--")] if "--" in args else args)


def _is(word: str, name: str, least: int) -> bool:
    return word.startswith("--") and len(word) >= least + len("--") and f"--{name}".startswith(word)
