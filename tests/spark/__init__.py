"""Archives asked by a Spark Connect server; `make test-spark` installs one and runs these."""
