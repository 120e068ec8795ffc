"""Changes of code that are offered because they are known to be right."""
