"""How kernels are compiled: cached on disk, without the GIL, dividing by zero as NumPy does.

Everything is inlined into what Python calls: an array travels as nine arguments, and calls would cost more than work.
Numba compiles anew when the file of the function that Python calls has changed, not when that of an inlined one has:
after such a change touch the caller's file as well (in ``sim/planar/``: ``kernels.py`` and ``contact.py``).
"""

from __future__ import annotations

from numba import njit

compiled = njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
compiled_parallel = njit(cache=True, nogil=True, error_model="numpy", parallel=True)
