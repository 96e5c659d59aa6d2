"""The live part: readers hear within a second that the page before them has news."""
