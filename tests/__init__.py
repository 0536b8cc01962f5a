"""Whole-system tests: the day in a real browser, the authorisation matrix, faults."""
