"""Pages about what patients are told, and what they text us."""
