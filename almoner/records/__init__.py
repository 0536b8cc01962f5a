"""Forms and signatures: what patients are asked, what they answered, and what they signed."""
