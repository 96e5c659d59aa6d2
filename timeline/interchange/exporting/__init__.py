"""Export: entries and nouns as rows, and the choice of rows."""
