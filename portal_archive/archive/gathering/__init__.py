"""Other archives gathered into this one: portals that it never visited, and portals that both have visited."""
