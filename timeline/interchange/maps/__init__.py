"""Maps: the meaning of the headers, words and dates of a foreign table."""
