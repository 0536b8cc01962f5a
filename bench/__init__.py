"""Measured figures, each beside the alternative it was chosen over; `make bench` prints them."""
