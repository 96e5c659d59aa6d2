"""An archive in storage that speaks S3; `make test-s3` installs a server and runs these."""
