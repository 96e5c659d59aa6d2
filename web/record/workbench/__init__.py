"""The workbench: a text, what is recorded from it, suggestions, and the form for the next entry."""
