"""Recipes of the supervised loop, one kind of data a module, and the tasks that they describe."""
