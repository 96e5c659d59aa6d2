"""The commands of editors, coders and importers; each changes one small stream of the log."""
