"""Adapters: all the input and output there is."""
