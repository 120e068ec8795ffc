"""A model's Markdown, made safe to render while it streams; see `safe`."""

from inglenook.engine.markdown.safe import SafeMarkdown, safe_markdown
from inglenook.engine.markdown.signs import plain

__all__ = ["SafeMarkdown", "plain", "safe_markdown"]
