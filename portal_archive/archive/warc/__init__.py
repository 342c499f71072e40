"""Captures as WARC records: ours, and other people's."""
