"""How the planar engine compiles its kernels: cached on disk, without the GIL, dividing by zero as NumPy does."""

from __future__ import annotations

from numba import njit

compiled = njit(cache=True, nogil=True, error_model="numpy")
compiled_parallel = njit(cache=True, nogil=True, error_model="numpy", parallel=True)
