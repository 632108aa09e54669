"""Scanners: each module knows one tool, as a command line and as a report."""
