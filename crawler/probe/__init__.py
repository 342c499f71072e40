"""A look at a portal in a few requests: what is asked (plan), what was seen (report), what follows (proposal)."""
