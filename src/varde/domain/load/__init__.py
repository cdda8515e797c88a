"""How hard people work: hours by week, rest, nights, and how often duty comes round."""
