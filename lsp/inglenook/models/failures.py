"""What the failures of HTTP are called in this program.

No message of a foreign error is kept: it could quote a prompt or an answer.
"""

from __future__ import annotations

from inglenook.models.egress import Target
from inglenook.models.errors import (
    BackendBusy,
    BackendFailed,
    BackendGarbled,
    BackendOffline,
    BackendRefused,
    BackendTimeout,
    ModelError,
    ModelMissing,
)


def garbled(target: Target) -> BackendGarbled:
    """What answers is no model server, or not of the kind that was expected."""
    return BackendGarbled(
        f"What answers at {target.origin} does not speak the protocol that was expected. "
        "Is it the right address?"
    )


def refusal(status: int, target: Target) -> ModelError:
    """The error that an HTTP ``status`` other than 200 stands for."""
    where = target.origin
    if 300 <= status < 400:
        return BackendRefused(f"{where} redirects elsewhere ({status}), which is never followed.")
    if status in (401, 403):
        return BackendRefused(f"{where} wants an API key, or another one ({status}).")
    if status == 404:
        return ModelMissing(
            f"{where} does not have this model, or is not a model server ({status})."
        )
    if status in (429, 503):
        return BackendBusy(f"{where} is busy or still loading ({status}). Try again in a moment.")
    if 400 <= status < 500 or status == 501:  # llama.cpp: not with this model
        return BackendRefused(f"{where} refused the request ({status}).")
    if status >= 500:
        return BackendFailed(f"{where} failed ({status}). Its own log tells why.")
    return BackendGarbled(f"{where} gave an answer of an unexpected kind ({status}).")


def ours(error: Exception, target: Target, seconds: float) -> ModelError:
    """The error that ``error`` stands for; ``seconds`` is the limit that was running."""
    import aiohttp

    where = target.origin
    if isinstance(error, ModelError):
        return error
    if isinstance(error, aiohttp.ServerTimeoutError):
        return BackendTimeout(f"{where} does not accept connections. Is the model server well?")
    if isinstance(error, TimeoutError):
        return BackendTimeout(f"{where} did not go on within {seconds:g} s.")
    if isinstance(error, aiohttp.ClientConnectorError):
        return BackendOffline(f"Nothing answers at {where}. Is the model server running?")
    if isinstance(error, (aiohttp.ClientResponseError, aiohttp.InvalidURL, ValueError)):
        return garbled(target)
    if isinstance(error, (aiohttp.ClientError, OSError)):
        return BackendOffline(f"{where} broke the connection in the middle of an answer.")
    return BackendFailed(f"The answer of {where} could not be read ({type(error).__name__}).")
