"""What the failures of HTTP are called in this program.

No message of a foreign error is kept: it could quote a prompt or an answer.
"""

from __future__ import annotations

import re
import ssl
from typing import Final

from inglenook.models.egress import Target
from inglenook.models.errors import (
    BackendBusy,
    BackendFailed,
    BackendGarbled,
    BackendOffline,
    BackendRefused,
    BackendTimeout,
    EgressRefused,
    ModelError,
    ModelMissing,
    PromptTooLong,
)

# llama.cpp: "exceed_context_size_error"; vLLM and OpenAI: "maximum context length"; Ollama:
# "exceeds the context length", "exceeds maximum context length".
_TOO_LONG: Final = re.compile(
    r"exceed_context_size|context_length_exceeded|maximum context length|exceeds the context"
    r"|longer than the context length",
    re.I,
)
# OpenSSL's X509_V_ERR_… (include/openssl/x509_vfy.h)
_NOT_YET, _EXPIRED = 9, 10
_UNKNOWN: Final = (2, 18, 19, 20, 21)  # nobody vouches for it, or it vouches for itself
_NAMES: Final = (62, 64)  # the name, the IP address


def garbled(target: Target) -> BackendGarbled:
    """What answers is no model server, or not of the kind that was expected."""
    return BackendGarbled(
        f"What answers at {target.origin} does not speak the protocol that was expected. "
        "Is it the right address?"
    )


def refusal(status: int, target: Target, said: str = "") -> ModelError:
    """The error that an HTTP ``status`` other than 200 stands for.

    ``said`` is the beginning of what stands beside it, and is not repeated.
    """
    where = target.origin
    if status in (400, 413) and _TOO_LONG.search(said):
        return PromptTooLong(
            f"The prompt is longer than the window of the model at {where}. Let it have a larger "
            "one (--ctx-size of llama.cpp, num_ctx of Ollama), or name its size (contextLength)."
        )
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
    told = _of_tls(error)
    if told and (refused := _not_proven(told, target)):
        return refused
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return BackendOffline(
            f"This machine does not find the host of {where}. Is the name right, and is a VPN on?"
        )
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return BackendGarbled(f"{where} does not speak TLS 1.2 or later. Is it https there?")
    if isinstance(error, aiohttp.ClientConnectorError):
        if isinstance(error.os_error, ConnectionResetError) and where.startswith("https:"):
            return BackendOffline(
                f"{where} ended the connection before it was secure. Is it https there, and does "
                "it want a certificate of this machine (requestOptions.clientCertificate)?"
            )
        return BackendOffline(f"Nothing answers at {where}. Is the model server running?")
    if isinstance(error, (aiohttp.ClientResponseError, aiohttp.InvalidURL, ValueError)):
        return garbled(target)
    if isinstance(error, (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        return BackendOffline(_without_answer(where))
    if isinstance(error, (aiohttp.ClientError, OSError)):
        return BackendOffline(f"{where} broke the connection in the middle of an answer.")
    return BackendFailed(f"The answer of {where} could not be read ({type(error).__name__}).")


def _without_answer(where: str) -> str:
    """With TLS 1.3 a client may be refused only after its handshake, and its server may hang up
    so hard that the reason is lost."""
    said = f"{where} broke the connection before it answered."
    if where.startswith("https:"):
        said += (
            " If it wants a certificate of this machine, name its files in your configuration "
            "file: requestOptions.clientCertificate."
        )
    return said


def _of_tls(error: BaseException | None) -> ssl.SSLError | None:
    """What of OpenSSL is behind ``error``, if it is that."""
    import aiohttp

    for _ in range(4):
        told = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
        if isinstance(error, aiohttp.ClientConnectorCertificateError):
            told = error.certificate_error
        if isinstance(told, ssl.SSLError) and not isinstance(told, aiohttp.ClientError):
            return told
        error = error.__cause__ or error.__context__ if error else None
    return None


def _not_proven(error: ssl.SSLError, target: Target) -> EgressRefused | None:
    """Why an https server was not believed, or did not believe us, and what to do about it.

    None if that is not what the error is about.
    """
    where, code = target.origin, getattr(error, "verify_code", 0)
    if code in _UNKNOWN:
        return EgressRefused(
            f"Nobody that this machine trusts vouches for the certificate of {where}. If it is "
            "your own, name the file of its CA in your configuration file: inglenook: "
            f"{{hosts: [{{origin: {where!r}, ca: FILE}}]}}, or requestOptions.caBundlePath."
        )
    if code in _NAMES:
        return EgressRefused(
            f"The certificate of {where} is for another name. Put a name that it is for into "
            "apiBase and hosts, or give the server a certificate for this one."
        )
    if code == _EXPIRED:
        return EgressRefused(f"The certificate of {where} has expired; it has to be renewed there.")
    if code == _NOT_YET:
        return EgressRefused(
            f"The certificate of {where} is not valid yet. Is this machine's clock right?"
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return EgressRefused(f"The certificate of {where} cannot be believed ({code}).")
    reason = str(getattr(error, "reason", "") or "")
    if "CERTIFICATE_REQUIRED" in reason or "HANDSHAKE_FAILURE" in reason:
        return EgressRefused(
            f"{where} wants a certificate from this machine, or another one. Name its files in "
            "your configuration file: requestOptions.clientCertificate."
        )
    return None
