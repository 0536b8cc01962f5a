"""The pages of billing, through their doors."""
