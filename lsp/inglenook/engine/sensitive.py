"""Files whose text is a secret by their very name.

They get no automatic ghost text, and nothing of them is shown to a model on behalf of another
file. The names are those of threat T14 in SECURITY.md.
"""

from __future__ import annotations

import re
from typing import Final

_SECRET: Final = re.compile(
    r"""
    \.env.* | .*\.env | \.netrc | _netrc | \.pgpass | \.npmrc | \.pypirc | \.htpasswd
    | \.git-credentials | \.dockercfg | \.dockerconfigjson | \.vault-token
    | id_(rsa|dsa|ecdsa|ed25519|xmss)([._-].*)?
    | .*\.(pem|key|p12|pfx|jks|keystore|kdbx?|ppk|asc|gpg|age|tfvars)(\.(bak|old|orig|save))?
    | .*\.tfstate(\..*)? | credentials([._-].*)? | secrets?\.(ya?ml|json|toml|ini|env|txt)
    | service[-_]account.*\.json | .*_(rsa|dsa|ecdsa|ed25519)
    """,
    re.VERBOSE | re.IGNORECASE,
)

SECRET: Final = _SECRET.pattern  # verbose, without case; for the index of the workspace


def is_sensitive(path: str) -> bool:
    """Whether the last part of ``path`` (either slash) is the name of a file of secrets."""
    name = re.split(r"[\\/]", re.split(r"[?#]", path, maxsplit=1)[0].rstrip("\\/"))[-1]
    return _SECRET.fullmatch(name) is not None
