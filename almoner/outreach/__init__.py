"""Outreach: whom to write to first, who is left alone, and whether it did anything."""
