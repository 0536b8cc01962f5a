"""Reads of the schedule, by noun: days (bitmaps), openings, appointments, boards."""
