"""Golden numbers: the whole indicator table recomputed by an independent program."""
