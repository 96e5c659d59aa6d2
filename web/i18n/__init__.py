"""Texts, dates and quotation marks in the reader's language."""
