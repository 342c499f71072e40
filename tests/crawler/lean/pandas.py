"""Stands in the way of pandas, which the archive does without: see LEAN in crawling.py."""

raise ImportError("pandas is hidden from the commands that tests start")
