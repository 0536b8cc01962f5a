"""Pages of the billing desk."""
