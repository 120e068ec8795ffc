"""What an editor draws of the server: one state, one sentence, one model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    IDLE = "idle"
    BUSY = "busy"
    LOADING = "loading"  # the model's weights are being read
    OFFLINE = "offline"  # no backend answers; it is tried again
    REFUSED = "refused"  # a backend or model was found and may not be used, or will not answer


@dataclass(frozen=True, slots=True)
class Status:
    state: State
    text: str = ""  # one sentence for the user; empty if there is nothing to say
    model: str = ""
    locality: str = ""  # how surely the model runs here (`inglenook.models.model.Locality`)
