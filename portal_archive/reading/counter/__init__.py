"""The visitor counter of a page."""
