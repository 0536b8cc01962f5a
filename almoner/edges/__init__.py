"""The outside world's languages (bytes ↔ frozen values) and the clients that speak them."""
