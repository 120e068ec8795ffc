"""Deterministic checks: what is better found by looking than by asking a model."""
