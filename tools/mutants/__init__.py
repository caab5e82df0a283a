"""Seeded faults in the engines, the index and the mart's models, each of which the laws must notice."""
