"""Everything about portals that needs no network: the records, the readers, the archive and what publishes it."""
