"""Ways to staff one legevakt side by side: the rota, the load and the cost of each."""
