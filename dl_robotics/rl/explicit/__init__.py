"""Small networks that learn without autograd: an explicit backward pass over flat parameters.

Such networks are bound by the overhead of each operation, not by arithmetic. Here one update is a few matrix products
into memory that is there already. :func:`~dl_robotics.rl.explicit.network.learning_form` takes a torch module and
gives what learns it.
"""
