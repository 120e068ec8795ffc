"""Whether public packages still pass their own tests after a computed refactor.

``python -m benchmarks.refactors`` applies one refactor at a time at the places of ``sites.json``
and runs the test files that cover the function; ``--choose`` draws the places anew.
"""
