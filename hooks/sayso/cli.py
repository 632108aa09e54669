"""The command line: the only print, and the exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import Any

from sayso import __version__
from sayso.model import CheckResult, Outcome, SaysoError, UsageError
from sayso.options import Given, Option, parse, usage
from sayso.registry import HOOKS, TOOLS, Hook

INTERRUPTED = 130
_BROKEN_PIPE = 141
_HELP = ("-h", "--help")


def run() -> None:
    """Run the console script."""
    sys.exit(main(sys.argv[1:]))


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code: 0 pass, 1 refused, 2 usage, 3 could not decide, 130 interrupted."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is None:
                raise UsageError("standard output and standard error must be open")  # noqa: TRY301 - caught below
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
    except Exception as exc:  # noqa: BLE001 - a fault of ours must not look like a refusal, nor like a pass
        return _fault(exc)
    return code


def _dispatch(argv: list[str]) -> int:
    if argv[:1] in (["--version"], ["-V"]):
        print(f"sayso {__version__}")
        return 0
    if not argv or argv[0] in {*_HELP, "help"}:
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
    lines += [f"  {name:<19}{hook.summary}" for name, hook in HOOKS.items()]
    lines += ["", "tools:", *(f"  {name:<19}{tool.summary}" for name, tool in TOOLS.items())]
    lines += ["", "exit codes: 0 pass, 1 refused, 2 usage or configuration, 3 could not decide, 130 interrupted"]
    return "\n".join(lines) + "\n"


def _hook(name: str, argv: list[str]) -> int:
    hook = HOOKS[name]
    _refuse_disguised(argv)
    table = _options(name)
    if any(word in _HELP for word in argv[: argv.index("--") if "--" in argv else None]):
        print(usage(table, name, hook.summary), end="")
        return 0
    given = parse(argv, table, name)
    gc.disable()  # the process is over before its garbage could matter
    from sayso.app.context import Context  # noqa: PLC0415 - --help needs no git

    request, options = _asked(name, given)
    results = _results(name, hook, Context(request), options)
    module = _module("sayso.app.hooks", hook.module)
    if given.text("--format") == "json":
        from sayso.reports import as_json  # noqa: PLC0415

        print(as_json.render(name, results), end="")
    elif hasattr(module, "render"):
        print(module.render(results), end="")
    else:
        from sayso.reports import text  # noqa: PLC0415

        print(text.render(results), end="")
    from sayso.outcome import exit_code  # noqa: PLC0415

    return exit_code(results)


def _results(name: str, hook: Hook, context: Any, options: Any) -> list[CheckResult]:
    """Run a hook; on the way of a commit, leave a receipt for what it has examined."""
    run = _module("sayso.app.hooks", hook.module).run
    leaves = "pre-commit" in hook.stages and not context.request.to_ref and not options.message
    if leaves:
        from sayso.app import receipts  # noqa: PLC0415 - messages and ranges leave none

        tree = receipts.start(context)
    results: list[CheckResult] = run(context, options)
    # a receipt is asked for while git replays commits, which no broken policy may stop
    if (name != "receipt" or any(result.findings for result in results)) and context.policy.relaxed:
        from sayso.relax import relaxed  # noqa: PLC0415 - few policies relax anything

        results = relaxed(results, context.policy)
    if leaves:
        found = receipts.finish(context, name, results, tree)
        results += [CheckResult("receipt", Outcome.FOUND, found)] if found else []
    return results


def _refuse_disguised(argv: Sequence[str]) -> None:
    """Refuse a file that has the name of an option: hook runners append names, and the repository chooses them."""
    for argument in argv:
        if argument == "--":
            return
        if argument.startswith("-") and os.path.lexists(argument):
            raise UsageError(f"a file has the name of an option: ./{argument}: rename it, or give names after --")


def _options(name: str) -> dict[str, Option]:
    """Return the options that make sense for a hook."""
    hook = HOOKS[name]
    table = {
        "--format": Option("FORMAT", "text (the default) or json", ("text", "json")),
        "--from-ref": Option("REV", "judge the range that begins here …"),
        "--to-ref": Option("REV", "… and ends here, instead of what is staged"),
    }
    if "pre-push" in hook.stages:
        table["--all-files"] = Option("", "examine every tracked file")
        table["--named-only"] = Option("", "examine only the FILEs, even if there are none")
    if hook.takes_message:
        table["--message"] = Option("FILE", "the commit message file")
    if name in {"sensitive-paths", "sayso"}:
        table["--refuse"] = Option("", "refuse edits to sensitive areas instead of flagging them")
    if name in {"dependency-scan", "sayso"}:
        table["--online"] = Option("", "ask the advisory service even where the policy names an export")
    if name in {"ai-authorship", "sayso-message"}:
        from sayso.policy import AUTHORSHIP_POLICIES  # noqa: PLC0415 - other hooks have no such option

        said = f"{', '.join(AUTHORSHIP_POLICIES)}; the first is the default"
        table["--policy"] = Option("POLICY", said, AUTHORSHIP_POLICIES)
        table["--accept"] = Option("KEYS", "trailers that count as disclosure, by comma: Assisted-by,Generated-by")
    return table


def _asked(name: str, given: Given) -> tuple[Any, Any]:
    from sayso.app.context import Options  # noqa: PLC0415
    from sayso.app.scope import Request  # noqa: PLC0415

    hook = HOOKS[name]
    from_ref, to_ref = given.text("--from-ref"), given.text("--to-ref")
    if not (from_ref or to_ref or given.has("--all-files")):
        from_ref, to_ref = (os.environ.get(f"PRE_COMMIT_{which}_REF", "") for which in ("FROM", "TO"))
        if to_ref and not from_ref:  # prek, at the first push of all: the history from its beginning
            from_ref = "0" * 40
    names, message = given.names, given.text("--message")
    if hook.takes_message and "pre-commit" not in hook.stages:
        if len(names) > 1:
            raise UsageError(f"{name} takes one commit message file, not {len(names)}")
        message, names = message or (names[0] if names else ""), ()
    accepted = _accepted(given.text("--accept")) if given.has("--accept") else None
    return (
        Request(names, from_ref, to_ref, given.has("--all-files"), given.has("--named-only")),
        Options(message, given.has("--refuse"), given.text("--policy") or None, accepted, given.has("--online"), name),
    )


def _accepted(keys: str) -> tuple[str, ...]:
    from sayso.policy import TRAILER_FORMS  # noqa: PLC0415 - seldom given

    forms = {form.lower(): form for form in TRAILER_FORMS}
    asked = [key.strip() for key in keys.split(",")]
    for key in asked:
        if key.lower() not in forms:
            raise UsageError(f"--accept: {key!r} is not one of {', '.join(TRAILER_FORMS)}")
    return tuple(forms[key.lower()] for key in asked)


def _tool(name: str, argv: list[str]) -> int:
    from sayso.arguments import Parser  # noqa: PLC0415 - hooks do without argparse

    module = _module("sayso.app.tools", TOOLS[name].module)
    parser = Parser(prog=f"sayso {name}", description=f"{TOOLS[name].summary[0].upper()}{TOOLS[name].summary[1:]}.")
    module.arguments(parser)
    end = argv.index("--") if "--" in argv else len(argv)
    args, passed_on = parser.parse_known_args(argv[:end])
    passed_on += argv[end:]
    if passed_on and not getattr(module, "PASSES_ON", False):
        raise UsageError(f"sayso {name}: unknown option {passed_on[0]}")
    args.passed_on = passed_on
    code: int = module.run(args, sys.stdout)
    return code


def _module(package: str, name: str) -> Any:
    from importlib import import_module  # noqa: PLC0415

    return import_module(f"{package}.{name}")


def _fail(error: SaysoError) -> int:
    from sayso.reports.safe import visible  # noqa: PLC0415

    if sys.stdout:
        sys.stdout.flush()
    prefix = "sayso: " if error.code == UsageError.code else "sayso: could not decide: "
    print(f"{prefix}{visible(str(error))}", file=sys.stderr)
    return error.code


def _fault(error: Exception) -> int:
    import traceback  # noqa: PLC0415

    traceback.print_exception(error)
    return _fail(SaysoError(f"a fault in sayso itself, please report it with the lines above: {error!r}"))


def _interrupted() -> int:
    from sayso.adapters.process import kill_all  # noqa: PLC0415

    kill_all()
    print("sayso: interrupted", file=sys.stderr)
    return INTERRUPTED
