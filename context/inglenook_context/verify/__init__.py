"""Whether an edit that a model wrote may be offered: values in, a verdict out, nothing is run.

`check.verify` tells; `imports.imports_of` tells first what must be looked up outside for it.
"""
