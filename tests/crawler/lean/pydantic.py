"""Stands in the way of pydantic, which the archive does without: see LEAN in crawling.py."""

raise ImportError("pydantic is hidden from the commands that tests start")
