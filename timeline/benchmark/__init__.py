"""Benchmarks: the costs of the record, each compared with a floor measured in the same run."""
