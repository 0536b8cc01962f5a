"""The privacy officer's desk: who looked at whom, and why."""
