"""Benchmarks: each prints a table of ratios against peers and limits measured in the same run."""
