"""The pages of the patients duty, through their doors."""
