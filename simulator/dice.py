"""Dice: randomness that depends on names, never on the order of calls."""

import hashlib
import math
import random

import numpy as np


def dice(*key: object) -> random.Random:
    """Return a generator that is the same for the same key, everywhere and always."""
    return random.Random(":".join(str(part) for part in key))


def array_dice(*key: object) -> np.random.Generator:
    """Return a numpy generator that is the same for the same key."""
    text = ":".join(str(part) for part in key).encode()
    digest = hashlib.blake2b(text, digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


def poisson(rng: random.Random, mean: float) -> int:
    """Draw a count of independent events with the given mean."""
    if mean > 50:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
