"""Pages of the coverage duty."""
