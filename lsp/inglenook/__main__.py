"""``python -m inglenook``."""

import sys

from inglenook.cli import main

sys.exit(main())
