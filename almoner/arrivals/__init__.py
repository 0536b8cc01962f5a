"""Check-in, the flow board, the encounter."""
