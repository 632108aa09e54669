"""One module a command that is no hook, each with ``arguments(parser)`` and ``run(args, out) -> int``."""
