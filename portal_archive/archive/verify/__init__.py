"""Fixity: whether everything that was stored is still there, to the last byte.

`verify` looks at all of it, `damage` says what was found; the other files each look at one thing.
"""
