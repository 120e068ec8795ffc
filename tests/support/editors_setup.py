"""Install the test editors ahead of time: ``python -m tests.support.editors_setup``."""

from __future__ import annotations

import sys
import time

from tests.support.continue_node import continue_schema
from tests.support.editors_cache import InstallationError, editors_cache
from tests.support.editors_helix import helix
from tests.support.editors_neovim import neovim, older_neovim
from tests.support.editors_vscode import vscode
from tests.support.markdown_node import markdown_renderers


def main() -> int:
    for install in (neovim, older_neovim, helix, vscode, continue_schema, markdown_renderers):
        start = time.monotonic()
        try:
            install()
        except InstallationError as error:
            print(error, file=sys.stderr)
            return 1
        print(f"{install.__name__}: {time.monotonic() - start:.1f} s")
    print(f"The test editors are in {editors_cache()}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
