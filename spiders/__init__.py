"""A file for each portal."""
