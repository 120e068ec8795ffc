"""Headless batch review: changes in, verified findings out. No word of LSP, no terminal in it."""
