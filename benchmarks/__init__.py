"""Measured speed and accuracy: each module is a command that prints a table, run as ``python -m benchmarks.NAME``."""
