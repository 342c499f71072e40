"""Fingerprint that an article was tampered with; each file knows one mechanism and is pure."""
