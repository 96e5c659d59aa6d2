"""A text as rules read it: quotations, sentences, words and clauses, each with its place."""
