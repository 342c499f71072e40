"""What is known of an article besides its text: title, byline, dates, counts, category, source."""
