"""Watches: saved searches, portals, articles and people; what is new of them, each once."""
