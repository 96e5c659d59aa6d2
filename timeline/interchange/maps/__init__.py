"""Maps: what the headers, words and dates of a foreign table mean."""
