"""Whether public packages still compile, and do what they did, after a computed refactor.

``python -m benchmarks.refactors_typescript`` applies one refactor at a time at the places of
``sites.json`` to packages of npm that ship their TypeScript; ``--choose`` draws the places anew.
"""
