"""Pure post-filters over what a model wrote; see `Site` for what they know of the place."""
