"""Sayso: no commit lands on somebody's say-so."""

__version__ = "0.1.0"
