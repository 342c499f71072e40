"""The page itself: bytes to text and tree, what an element is and shows, a tree as blocks of text."""
