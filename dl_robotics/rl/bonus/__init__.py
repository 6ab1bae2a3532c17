"""Pay for novelty, so that a learner goes where it has not been: one bonus a file, ``choose.py`` has them by name.

A bonus is told when a batch is drawn: what has become familiar since it was stored is paid no more. DQN values bonuses
apart from rewards (``curious.py``), DDPG and TD3 value their sum (``replay.py``).
"""
