"""The site and its imports under attack: a few tries in `make test-all`, many in `test-attacks`."""
