"""The doors themselves, and the pages of who works here."""
