"""Read the text and the source of an article from a file."""
