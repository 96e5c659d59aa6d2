"""Read models: what pages show, derived from the log and from nothing else."""
