"""What the record costs, each against a floor that is measured in the same run."""
