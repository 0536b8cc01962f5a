"""Pages of forms: filling and signing them, what was signed, and the clinic's own forms."""
