"""``inglenook/prompts``: the slash commands that a question of a chat may begin with.

    inglenook/prompts {uri?} -> {prompts: [{name, description}]}

``uri`` is of a document, whose folder's own commands are among them; without it they are those of
the user. They are in the order in which they are offered: those that are built in, then the user's.
It is a command of ``workspace/executeCommand`` too: ``inglenook.server.prompts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from inglenook.engine.chat.commands import known
from inglenook.engine.chat.configured import manner
from inglenook.server.asked import body_of, text_in
from inglenook.server.sentences import as_shown

if TYPE_CHECKING:
    from inglenook.server.serving import Serving

_LONGEST: Final = 200  # characters of a description


async def prompts(serving: Serving, params: Any) -> dict[str, Any]:
    uri = text_in(body_of(params), "uri", "")
    fleet = serving.fleet
    folder = fleet.configuring.folder(uri) if uri else ""
    found = known(manner(fleet.choices, folder).prompts)
    return {
        "prompts": [
            {"name": name, "description": as_shown(each.description)[:_LONGEST]}
            for name, each in found.items()
        ]
    }
