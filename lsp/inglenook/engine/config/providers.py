"""The providers of Continue's config.yaml: which run on hardware of the user's own, and where.

The addresses are the defaults of Continue's own classes (core/llm/llms), on this machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from inglenook.engine.settings import VLLM_ADDRESS
from inglenook.models.spec import Provider


@dataclass(frozen=True, slots=True)
class Known:
    """``address`` is where it listens unless ``apiBase`` says; empty: as the settings say."""

    provider: Provider
    port: int  # of an apiBase that has none
    address: str = ""
    needs_base: bool = False


KNOWN: Final = {
    "ollama": Known(Provider.OLLAMA, 11434),
    "llama.cpp": Known(Provider.LLAMA_CPP, 8080),
    "llamafile": Known(Provider.LLAMA_CPP, 8080),
    "lmstudio": Known(Provider.LM_STUDIO, 1234),
    "vllm": Known(Provider.VLLM, 8000, VLLM_ADDRESS),
    "openai": Known(Provider.OPENAI, 80, needs_base=True),
    # The others speak OpenAI's API.
    "lemonade": Known(Provider.OPENAI, 8000, "http://127.0.0.1:8000/api"),
    "docker": Known(Provider.OPENAI, 12434, "http://127.0.0.1:12434/engines"),
    "msty": Known(Provider.OPENAI, 10000, "http://127.0.0.1:10000"),
    "text-gen-webui": Known(Provider.OPENAI, 5000, "http://127.0.0.1:5000"),
    "llamastack": Known(Provider.OPENAI, 8321, "http://127.0.0.1:8321/v1/openai"),
    "huggingface-tgi": Known(Provider.OPENAI, 8080, "http://127.0.0.1:8080"),
    "embedded": Known(Provider.EMBEDDED, 80),
    "fake": Known(Provider.FAKE, 80),
}

# These make vectors or order what was found, which nothing in Inglenook asks for.
WITHOUT_USE: Final = frozenset(
    {"transformers.js", "huggingface-tei", "llmReranker", "mock", "test"}
)

CLOUD: Final = frozenset(
    """
    anthropic askSage azure bedrock bedrockimport cerebras clawrouter cloudflare cohere cometapi
    continue-proxy deepinfra deepseek fireworks flowise free-trial function-network gemini groq
    huggingface-inference-api inception kindo mimo minimax mistral moonshot ncompass nebius nous
    novita nvidia openrouter ovhcloud relace replicate sagemaker sambanova scaleway siliconflow
    tars tensorix together venice vertexai voyage watsonx xAI zAI
    """.split()
)
