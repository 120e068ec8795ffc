"""Where a model's words belong: what is rewritten together, and how an answer is fitted into it.

Synchronous and pure as all of the room, and on any text without an exception; what comes of it is
judged by `inglenook_context.verify` before it is offered.
"""
