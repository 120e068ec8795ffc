"""The configuration: files of the user, of a workspace and of Continue, read into `Settings`."""

from inglenook.engine.config.load import load_settings

__all__ = ["load_settings"]
