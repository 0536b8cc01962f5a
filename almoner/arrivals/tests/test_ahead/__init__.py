"""What a patient says ahead stands beside the record until the desk accepts it."""
