"""The root of all errors that a user can mend."""


class UserError(Exception):
    """Something the user gave cannot be used; commands print the message alone, without a traceback.

    The message says where, what was expected and what came.
    """
