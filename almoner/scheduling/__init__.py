"""Availability and booking: the promise that somebody is seen at a time."""
