"""Between reading and storing: whether to believe what a portal shows; one bad day must not make a record false."""
