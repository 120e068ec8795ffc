"""The probe of real models, whose names are taken from them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inglenook.models import llama_cpp, openai_compatible, openai_models
from inglenook.models.holes import HOLES
from inglenook.models.http import HttpClient
from inglenook.models.model import Fill, Way
from inglenook.models.probe import Finding, Notes, probe
from inglenook.models.render import Layout
from inglenook.models.templates import TEMPLATES
from tests.support.real_engine import RealEngine, real_engine
from tests.support.test_model import CHATTER

pytestmark = pytest.mark.model

LONG = 120.0  # seconds: what is right is asked here, and how soon it is found in a benchmark


async def _nameless(client: HttpClient, engine: RealEngine) -> llama_cpp.LlamaCppModel:
    server = engine.server(client)
    model = await llama_cpp.connect(client, server)
    info = replace(model.info, name="coder", family="", fill=Fill.CHAT)
    return llama_cpp.LlamaCppModel(client, server, info)


def _filled(finding: Finding) -> dict[str, int]:
    """How many holes each template filled."""
    return {
        tried.way.family: sum(tried.answers)
        for tried in finding.tried
        if tried.way.fill is Fill.TEMPLATE
    }


async def test_qwen_among_all_templates(client: HttpClient) -> None:
    """By two adapters: which template is right does not depend on the backend."""
    with real_engine() as engine:
        finding = await probe(await _nameless(client, engine), Notes(), thorough=True, seconds=LONG)
        filled = _filled(finding)
        assert len(filled) == len(TEMPLATES) >= 6
        assert finding.confirmed
        assert finding.way == Way(Fill.TEMPLATE, "qwen-coder", Layout.FROZEN_LINE)
        assert filled["qwen-coder"] == len(HOLES)
        for family in ("starcoder", "codellama", "deepseek-coder", "codestral"):
            assert filled[family] == 0
        assert finding.reuses is True
        assert finding.evaluated is not None
        assert finding.evaluated <= 8
        assert finding.context_tokens == 4096
        assert finding.prompt_per_second
        assert finding.predicted_per_second

        server = engine.server(client)
        place = openai_models.OpenAIServer(server.target, api_key=server.api_key)
        (served,) = await openai_models.list_models(client, place)
        info = replace(served.info, family="", fill=Fill.CHAT)
        model = openai_compatible.OpenAIModel(client, place, info)
        await model.load()
        finding = await probe(model, Notes(), seconds=LONG)
        assert (finding.way.fill, finding.way.family) == (Fill.TEMPLATE, "qwen-coder")


async def test_a_model_that_only_chats(client: HttpClient) -> None:
    """Whatever its name may promise."""
    with real_engine(file=CHATTER) as engine:
        model = await _nameless(client, engine)
        model.adopt(Way(Fill.TEMPLATE, "qwen-coder", Layout.FROZEN_LINE), 0)
        finding = await probe(model, Notes(), thorough=True, seconds=LONG)
        assert finding.complete
        assert not finding.confirmed
        assert finding.way.fill is Fill.CHAT
        assert max(_filled(finding).values()) == 0
