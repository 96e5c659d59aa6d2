"""The record in words: stances, clauses, sentences, titles and names."""
