"""Payers, plans, policies, subscribers, eligibility."""
