"""An archive in storage that speaks S3; `make test-storage` installs a server and runs these."""
