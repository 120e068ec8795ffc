"""Files whose text is a secret by their very name.

They get no automatic ghost text, and nothing of them is shown to a model on behalf of another
file. The names are those of threat T14 in SECURITY.md.
"""

from __future__ import annotations

import re
from typing import Final

_SECRET: Final = re.compile(
    r"""
    \.env.* | .*\.env | \.netrc | _netrc | \.pgpass | \.npmrc | \.pypirc | \.?htpasswd
    | \.git-credentials | \.dockercfg | \.dockerconfigjson | \.vault-token | \.my\.cnf | \.s3cfg
    | \.boto | \.databrickscfg | \.terraformrc | \.yarnrc\.yml | \.?kubeconfig(\..*)?
    | \.?vault[-_]pass(word)?(\.txt)? | \.(bash|zsh|psql|mysql|python|node_repl|sqlite)_history
    | id_(rsa|dsa|ecdsa|ed25519|xmss)([._-].*)? | .*_(rsa|dsa|ecdsa|ed25519)
    | .*\.(pem|key|p8|p12|pfx|pkcs12|jks|jceks|keystore|keytab|kdbx?|psafe3|ppk|asc|gpg|age|ovpn
      |tfvars|tfvars\.json|jwk)(\.(bak|old|orig|save))?
    | .*\.tfstate(\..*)? | credentials([._-].*)? | .*[._-]credentials?\.(json|ya?ml|toml|ini|csv|db)
    | secrets?([._-].*)?\.(ya?ml|json|toml|ini|env|txt|properties) | .*\.secrets?
    | .*service[-_]account.*\.json | wp-config\.php | local\.settings\.json | sftp(-config)?\.json
    | (accesskeys|rootkey)\.csv
    """,
    re.VERBOSE | re.IGNORECASE,
)

SECRET: Final = _SECRET.pattern  # verbose, without case; for the index of the workspace


def is_sensitive(path: str) -> bool:
    """Whether the last part of ``path`` (either slash) is the name of a file of secrets."""
    # What it is shown as has no query, but a URI has; a folder may be called C#.
    whole, bare = path, re.split(r"[?#]", path, maxsplit=1)[0]
    names = (re.split(r"[\\/]", each.rstrip("\\/"))[-1] for each in (whole, bare))
    return any(_SECRET.fullmatch(name) is not None for name in names)
