"""Second coding: drawing samples, comparing two readings, and how far coders agree."""
