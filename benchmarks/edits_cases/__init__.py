"""Forty places to edit, drawn in text files, each with an oracle that judges what comes of it.

``drawn/NAME.txt`` is one of them (`cases.py` reads it), ``judge.py`` and ``judge.mjs`` are the
programs in which an edited module is run, apart from ours (`oracle.py` asks them). The cases were
written before any model was asked, and are not changed to suit one.
"""
