"""Small synthetic portals on loopback, one for each portal structure; everything they say is invented."""
