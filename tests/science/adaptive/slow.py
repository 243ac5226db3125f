"""The graded response model and an adaptive test again, straight from the formulas, one by one."""

import math
from itertools import product

NODES = [-4 + 0.1 * n for n in range(81)]


def at_least(item, category, theta):
    if category == 0:
        return 1.0
    if category == item.categories:
        return 0.0
    return 1 / (1 + math.exp(-item.discrimination * (theta - item.thresholds[category - 1])))


def chance(item, category, theta):
    return at_least(item, category, theta) - at_least(item, category + 1, theta)


def information(item, theta):
    total = 0.0
    for category in range(item.categories):
        low, high = at_least(item, category, theta), at_least(item, category + 1, theta)
        slope = item.discrimination * (low * (1 - low) - high * (1 - high))
        total += slope**2 / (low - high)
    return total


def posterior(items, answers, mean=0.0, sd=1.0, nodes=NODES):
    """Probability of each node, given answers by key; None is left out."""
    named = {item.key: item for item in items}
    found = []
    for theta in nodes:
        weight = math.exp(-0.5 * ((theta - mean) / sd) ** 2)
        for key, answer in answers.items():
            if answer is not None:
                weight *= chance(named[key], answer, theta)
        found.append(weight)
    return [weight / sum(found) for weight in found]


def estimate(items, answers, mean=0.0, sd=1.0):
    likely = posterior(items, answers, mean, sd)
    theta = sum(p * node for p, node in zip(likely, NODES, strict=True))
    variance = sum(p * (node - theta) ** 2 for p, node in zip(likely, NODES, strict=True))
    return theta, math.sqrt(variance)


def chosen(items, answers, shut=()):
    """The key that a search over all items finds, the first of the best."""
    likely = posterior(items, answers)
    best, most = None, -1.0
    for item in items:
        if item.key in answers or item.key in shut:
            continue
        expected = sum(p * information(item, node) for p, node in zip(likely, NODES, strict=True))
        if expected > most * (1 + 1e-9):
            best, most = item.key, expected
    return best


def patterns(items):
    return product(*(range(item.categories) for item in items))
