"""Filled by the duty's first table."""
