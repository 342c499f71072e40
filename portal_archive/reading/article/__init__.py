"""Where an article stands on its page, its text from the first line to the last, its captions and files."""
