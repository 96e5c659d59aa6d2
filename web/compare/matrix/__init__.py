"""The matrix: actors against moments on one question, or against questions at chosen moments."""
