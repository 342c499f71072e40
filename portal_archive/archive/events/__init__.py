"""What happened in the portals: articles changed, gone, back, moved, tampered with; and the words of it."""
