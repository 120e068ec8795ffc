"""One sub-command of ``inglenook`` per file: its arguments, and what it does."""
