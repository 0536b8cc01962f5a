"""Almoner: the front desk of a clinic, from the first call to the zero balance, in one system."""
