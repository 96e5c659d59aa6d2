"""Second coding: draw samples, compare two readings, and compute agreement."""
