"""Which pages there are, how the last visit to each ended, and which is due."""
