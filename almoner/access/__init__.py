"""Officers, roles, "may I", access events and their reasons. Patients are bare ids here."""
