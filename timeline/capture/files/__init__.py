"""Files that hold an article, read for their text and for what they say of their source."""
