"""The text of a source, cut into sentences to choose from."""
