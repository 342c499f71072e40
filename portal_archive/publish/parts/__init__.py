"""What several pages show or build upon: cards, charts, feeds, differences, citations."""
