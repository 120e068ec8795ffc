"""Computed refactors of TypeScript and JavaScript: rename a local, extract and inline variable."""
