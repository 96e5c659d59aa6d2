"""The site and its imports under attack: a few tries in `make test`, many in `test-attacks`."""
