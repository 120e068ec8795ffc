"""Finding the model that serves: what the user chose, else the best that is on this machine."""

from __future__ import annotations

from inglenook.engine.settings import Settings
from inglenook.engine.status import State, Status
from inglenook.engine.supply import Discovery, Find
from inglenook.models.choose import candidates, connect_best, why_none
from inglenook.models.discover import Survey, survey
from inglenook.models.errors import EgressRefused, ModelError
from inglenook.models.http import HttpClient, prepare
from inglenook.models.model import Model


def finder(settings: Settings, client: HttpClient, name: str = "") -> Find:
    """A search for the completion model; with a ``name``, for the one that it means.

    ``client`` carries the requests of whatever model is found.
    """

    async def find() -> Discovery:
        seen = await look_around(settings, client)
        if not candidates(seen, name=name):
            return Discovery(None, Status(State.OFFLINE, why_none(seen, name=name)))
        try:
            model, choice = await connect_best(client, seen, name=name)
        except ModelError as error:
            state = State.REFUSED if isinstance(error, EgressRefused) else State.OFFLINE
            return Discovery(None, Status(state, str(error)))
        found = Status(State.IDLE, model=model.info.name)
        return Discovery(_shared(model, settings), found, choice.found.spec, choice.reason)

    return find


async def look_around(settings: Settings, client: HttpClient) -> Survey:
    """Everything that can be found with these settings."""
    await prepare()
    return await survey(
        settings.models,
        client.policy,
        ollama_address=settings.ollama_address,
        llama_cpp_address=settings.llama_cpp_address,
        lm_studio_address=settings.lm_studio_address,
        models_dir=settings.models_dir,
        client=client,
    )


def _shared(model: Model, settings: Settings) -> Model:
    """The embedded engine is one for all programs of the user."""
    if model.info.backend == "embedded":
        from inglenook.models.embedded import EmbeddedModel, Home

        if isinstance(model, EmbeddedModel):
            model.share(Home(settings.engines_dir, settings.engine_idle))
    return model
