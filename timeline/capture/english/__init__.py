"""Rules for English, and their tables."""
