"""Call-outs: reading files of legs, and their times."""
