"""The outside world's languages (bytes ↔ frozen values, no Django) and the clients that speak them."""
