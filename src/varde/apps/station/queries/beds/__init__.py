"""What the beds' screens read."""
