"""One text on several portals: which articles are copies of which."""
