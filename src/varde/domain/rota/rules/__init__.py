"""What a rota must keep: each rule by itself, and the judge that asks them all."""
