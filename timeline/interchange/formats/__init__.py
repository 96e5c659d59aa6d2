"""File formats: recognise, read and write them."""
