"""What an editor may set: it can switch things off, and never on what the user's file has off.

An editor's settings can come from a repository (``.vscode/settings.json``), so no address, path
or command is read from them. They arrive as ``initializationOptions.inglenook`` and with
``workspace/didChangeConfiguration``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preferences:
    enabled: bool = True
    automatic: bool = True  # ghost text while typing; without it only when it is asked for
    disabled_languages: frozenset[str] = frozenset()  # LSP language identifiers
    report_timings: bool = False  # send `inglenook/completionReport` after each answer
    rename: bool = False  # be the editor's provider of renames; read at `initialize` only

    def serves(self, language: str, *, automatic: bool) -> bool:
        if not self.enabled or language in self.disabled_languages:
            return False
        return self.automatic or not automatic


_DEFAULT = Preferences()


def read_preferences(section: object, default: Preferences = _DEFAULT) -> Preferences:
    """The settings in a JSON value; what is not there or of the wrong type is as in ``default``."""
    options = section if isinstance(section, dict) else {}

    def flag(key: str, fallback: bool) -> bool:
        value = options.get(key)
        return value if isinstance(value, bool) else fallback

    languages = options.get("disabledLanguages")
    if not isinstance(languages, list):
        languages = list(default.disabled_languages)
    return Preferences(
        enabled=flag("enabled", default.enabled),
        automatic=flag("automatic", default.automatic),
        disabled_languages=frozenset(name for name in languages if isinstance(name, str)),
        report_timings=flag("reportTimings", default.report_timings),
        rename=flag("rename", default.rename),
    )
