"""The record as files: rows of entries and nouns, and which of them."""
