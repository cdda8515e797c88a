"""How often duty comes round in five and ten years, for those who are still there."""
