"""Everything that can go wrong with a model, as one tree.

    ModelError
    ├── BackendOffline       nothing answers at the address, or the connection broke
    │   └── BackendTimeout   it took longer than its limit to connect, load or go on
    ├── BackendRefused       it answered that it will not (4xx, a named error in the stream)
    │   ├── ModelMissing     the model is not there
    │   ├── PromptTooLong    the prompt does not fit into the window, and was not cut
    │   └── BackendBusy      try again later (429, 503)
    ├── BackendFailed        it broke while answering (5xx, an error line in the stream)
    ├── BackendGarbled       its answer is not of the protocol's form, or exceeds a bound
    └── EgressRefused        no prompt was sent: the model or address is neither local nor allowed,
                             or the server could not prove who it is

Messages are written for the user and never hold text of a document, a prompt or an answer.
"""

from __future__ import annotations


class ModelError(Exception):
    """Base of all errors that leave this room."""


class BackendOffline(ModelError):
    pass


class BackendTimeout(BackendOffline):
    pass


class BackendRefused(ModelError):
    pass


class ModelMissing(BackendRefused):
    pass


class PromptTooLong(BackendRefused):
    pass


class BackendBusy(BackendRefused):
    pass


class BackendFailed(ModelError):
    pass


class BackendGarbled(ModelError):
    pass


class EgressRefused(ModelError):
    pass
