"""Ten thousand readers who are told of news by nchan; `make test-crowd` opens them."""
