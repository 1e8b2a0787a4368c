"""Benchmarks: each prints its figures, side by side in one run, with the command that repeats them."""
