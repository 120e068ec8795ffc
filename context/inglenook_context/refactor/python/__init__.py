"""The refactors of Python: extract function and variable, inline variable, rename."""
