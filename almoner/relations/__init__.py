"""What is said to patients: messages, confirmations, and the timeline of a person."""
