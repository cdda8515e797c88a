"""The rules of a rota: what a duty counts as, who may have it, what is fair."""
