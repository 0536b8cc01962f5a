"""The front desk's pages: the flow board with check-in, and who comes without an appointment."""
