"""One module a hook id, each with ``run(context, options) -> list[CheckResult]``; ``sayso.registry`` lists them."""
