"""Split a text into quotations, sentences, words and clauses, each with its place."""
