"""What is typed into the search box, what the index is asked, and what of an article is shown for it."""
