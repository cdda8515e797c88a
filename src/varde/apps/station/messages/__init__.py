"""What the station says in words."""
