#!/usr/bin/env bash
# Resolves requirements/*.in into requirements/*.txt: exact versions of everything, for every supported Python.
# A package keeps its locked version unless asked for: `scripts/lock.sh --upgrade`, `--upgrade-package NAME`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../requirements"

for name in run dev; do
  UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.10 \
    --override without-torch.txt "$name.in" --output-file "$name.txt" "$@"
done
