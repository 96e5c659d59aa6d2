"""File formats: what recognises, reads and writes them."""
