"""Said against known: when statements were said, and when they were recorded, as a picture."""
