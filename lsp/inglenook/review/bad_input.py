"""What is wrong with what the user asked for. Apart, because it is imported before all else."""


class BadInput(Exception):
    """One sentence that says what is wrong and how to mend it."""
