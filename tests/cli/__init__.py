"""The command line as the contract that scripts rely on."""
