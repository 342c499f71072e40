"""What leads on: boxes that announce articles, lists, feeds, links, and the links that are traps."""
