"""A model's Markdown, made safe to render while it streams; see `safe`."""
