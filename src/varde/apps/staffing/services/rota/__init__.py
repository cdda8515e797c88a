"""Writes of the rota: making, changing, publishing, running, filling, swapping."""
