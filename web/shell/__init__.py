"""What every page stands in: request, security, cache, errors, frame."""
