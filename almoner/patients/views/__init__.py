"""Pages of the patients duty."""
