"""Checks: each module finds one kind of thing in a snapshot, and touches nothing."""
