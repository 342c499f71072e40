"""What state a portal is in, told from what its crawls left in the archive."""
