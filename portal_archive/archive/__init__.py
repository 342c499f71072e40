"""The archive: one SQLite file, and the captures beside it that prove what it says."""
