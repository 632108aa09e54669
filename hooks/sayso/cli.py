"""The command line: the only argparse, the only print, the exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from sayso import __version__
from sayso.model import SaysoError, UsageError
from sayso.registry import HOOKS, TOOLS

INTERRUPTED = 130
_BROKEN_PIPE = 141


def run() -> None:
    """Run the console script."""
    sys.exit(main(sys.argv[1:]))


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code: 0 pass, 1 refused, 2 usage, 3 could not decide, 130 interrupted."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is None:
                raise UsageError("standard output and standard error must be open")
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
        code = _dispatch(list(argv))
        sys.stdout.flush()
    except SaysoError as exc:
        return _fail(exc)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return _BROKEN_PIPE
    return code


def _dispatch(argv: list[str]) -> int:
    if argv[:1] in (["--version"], ["-V"]):
        print(f"sayso {__version__}")
        return 0
    if not argv or argv[0] in {"-h", "--help", "help"}:
        print(_overview(), end="")
        return 0 if argv else UsageError.code
    name = argv.pop(0)
    if name in HOOKS:
        return _hook(name, argv)
    if name in TOOLS:
        return _tool(name, argv)
    from difflib import get_close_matches  # noqa: PLC0415 - only an error pays for it

    near = get_close_matches(name, [*HOOKS, *TOOLS], 1)
    raise UsageError(f"there is no command {name!r}{f', did you mean {near[0]!r}?' if near else ''}: see sayso --help")


def _overview() -> str:
    lines = ["usage: sayso COMMAND [options] [files]", "", "No commit lands on somebody's say-so.", "", "hooks:"]
    lines += [f"  {name:<17}{hook.summary}" for name, hook in HOOKS.items()]
    lines += ["", "tools:", *(f"  {name:<17}{tool.summary}" for name, tool in TOOLS.items())]
    lines += ["", "exit codes: 0 pass, 1 refused, 2 usage or configuration, 3 could not decide, 130 interrupted"]
    return "\n".join(lines) + "\n"


def _hook(name: str, argv: list[str]) -> int:
    hook = HOOKS[name]
    _refuse_disguised(argv)
    args = _hook_parser(name).parse_args(argv)
    from sayso.app.context import Context, Options  # noqa: PLC0415 - --help needs no git
    from sayso.app.scope import Request  # noqa: PLC0415
    from sayso.verdict import exit_code  # noqa: PLC0415

    from_ref, to_ref = args.from_ref, args.to_ref
    if not (from_ref or to_ref or args.all_files):
        from_ref, to_ref = (os.environ.get(f"PRE_COMMIT_{which}_REF", "") for which in ("FROM", "TO"))
    names = tuple(args.names)
    message = ""
    if hook.takes_message and "pre-commit" not in hook.stages:
        if len(names) > 1:
            raise UsageError(f"{name} takes one commit message file, not {len(names)}")
        message, names = (names[0] if names else ""), ()
    if args.message:
        message = args.message
    accepted = tuple(args.accept.split(",")) if args.accept else None
    context = Context(Request(names, from_ref, to_ref, args.all_files, args.named_only))
    results = _module("sayso.app.hooks", hook.module).run(context, Options(message, args.refuse, args.policy, accepted))
    if args.format == "json":
        from sayso.reports import as_json  # noqa: PLC0415

        print(as_json.render(name, results), end="")
    else:
        from sayso.reports import text  # noqa: PLC0415

        print(text.render(results), end="")
    return exit_code(results)


def _refuse_disguised(argv: Sequence[str]) -> None:
    """Refuse a file that has the name of an option: hook runners append names, and the repository chooses them."""
    for argument in argv:
        if argument == "--":
            return
        if argument.startswith("-") and os.path.lexists(argument):
            raise UsageError(f"a file has the name of an option: ./{argument}: rename it, or give names after --")


def _hook_parser(name: str) -> argparse.ArgumentParser:
    hook = HOOKS[name]
    parser = _Parser(prog=f"sayso {name}", description=f"{hook.summary[0].upper()}{hook.summary[1:]}.")
    parser.add_argument(
        "names", nargs="*", metavar="FILE", help="files to examine as staged, or the commit message file"
    )
    parser.add_argument("--from-ref", default="", metavar="REV", help="judge the range that begins here …")
    parser.add_argument("--to-ref", default="", metavar="REV", help="… and ends here, instead of what is staged")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    scans = "pre-push" in hook.stages
    hidden = argparse.SUPPRESS
    parser.add_argument("--all-files", action="store_true", help="examine every tracked file" if scans else hidden)
    parser.add_argument(
        "--named-only", action="store_true", help="examine only FILEs, even if there are none" if scans else hidden
    )
    message = hook.takes_message
    parser.add_argument("--message", default="", metavar="FILE", help="the commit message file" if message else hidden)
    flags = name in {"sensitive-paths", "sayso"}
    parser.add_argument("--refuse", action="store_true", help="refuse edits to sensitive areas" if flags else hidden)
    marks = name in {"ai-authorship", "sayso-message"}
    policies = ("detect", "require", "forbid")
    parser.add_argument("--policy", choices=policies, help="what becomes of AI markers" if marks else hidden)
    parser.add_argument("--accept", default="", metavar="KEYS", help="accepted trailers, by comma" if marks else hidden)
    return parser


def _tool(name: str, argv: list[str]) -> int:
    module = _module("sayso.app.tools", TOOLS[name].module)
    parser = _Parser(prog=f"sayso {name}", description=f"{TOOLS[name].summary[0].upper()}{TOOLS[name].summary[1:]}.")
    module.arguments(parser)
    args, passed_on = parser.parse_known_args(argv)
    if passed_on and not getattr(module, "PASSES_ON", False):
        raise UsageError(f"sayso {name}: unknown option {passed_on[0]}")
    args.passed_on = passed_on
    code: int = module.run(args, sys.stdout)
    return code


def _module(package: str, name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a module
    from importlib import import_module  # noqa: PLC0415

    return import_module(f"{package}.{name}")


class _Parser(argparse.ArgumentParser):
    """A parser whose errors end like every other error of ours."""

    def _get_formatter(self) -> argparse.HelpFormatter:
        # With a width of its own the formatter does not import shutil, which every add_argument would pay for.
        return argparse.HelpFormatter(self.prog, width=100)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}")


def _fail(error: SaysoError) -> int:
    from sayso.reports.safe import visible  # noqa: PLC0415

    if sys.stdout:
        sys.stdout.flush()
    prefix = "sayso: " if error.code == UsageError.code else "sayso: could not decide: "
    print(f"{prefix}{visible(str(error))}", file=sys.stderr)
    return error.code


def _interrupted() -> int:
    from sayso.adapters.process import kill_all  # noqa: PLC0415

    kill_all()
    print("sayso: interrupted", file=sys.stderr)
    return INTERRUPTED
