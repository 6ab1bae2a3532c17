"""Pay for novelty, so that a learner goes where it has not been: one bonus a file, ``choose.py`` has them by name.

A bonus is added to the rewards of a batch when the batch is drawn: what has become familiar since it was stored is paid
no more.
"""
