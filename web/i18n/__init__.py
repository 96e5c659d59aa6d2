"""Languages: texts, dates and quotation marks in the one that the reader chose."""
