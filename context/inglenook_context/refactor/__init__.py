"""Refactors that are computed: the syntax tree decides, and what is not right is refused.

A model may give a name, never code; each refactor works without one.
"""
