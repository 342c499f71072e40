"""Visitor counters over time, and where they contradict themselves."""
