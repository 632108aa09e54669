"""Argparse for the tools, with errors that end like every other error of ours."""

from __future__ import annotations

import argparse
from typing import NoReturn

from sayso.model import UsageError


class Parser(argparse.ArgumentParser):
    """A parser that raises instead of exiting."""

    def error(self, message: str) -> NoReturn:
        """Raise ``UsageError``."""
        raise UsageError(f"{self.prog}: {message}")
