#!/usr/bin/env bash
# Installs the Debian packages that are missing: `system_packages.sh run`, `system_packages.sh dev` for the tests as well.
# Files are looked for, not package names, so nothing runs where everything is present, however it came there.
set -euo pipefail

purpose=$1
python=${PYTHON:-python3}

need() { # need PACKAGE PROBE...: PACKAGE is missing unless PROBE succeeds
  "${@:2}" >/dev/null 2>&1 || missing+=("$1")
}

library() { # library NAME: whether a library directory of this machine holds NAME
  compgen -G "/usr/lib*/$1" || compgen -G "/usr/lib*/*/$1"
}

ask_python() { "$python" -c "$1"; }

unknown_here() { # unknown_here PACKAGE: whether apt knows this release, but no such PACKAGE
  compgen -G '/var/lib/apt/lists/*_Packages*' && ! apt-cache show "$1"
}

look() { # list what is missing
  missing=()

  # Debian splits venv and the headers off, in packages that carry Python's version.
  local version
  version=$(ask_python 'import sys; print("python%d.%d" % sys.version_info[:2])')
  need "$version-venv" ask_python 'import ensurepip, venv'
  need "$version-dev" ask_python 'import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")'

  # Building interfaces/.
  need cmake command -v cmake
  need ninja-build command -v ninja
  need g++ command -v g++
  need make command -v make

  # MuJoCo's cameras, without a display.
  need libegl1 library libEGL.so.1
  need libgl1-mesa-dri library dri/swrast_dri.so
  need libgles2 library libGLESv2.so.2
  need libosmesa6 library libOSMesa.so.8

  # The SDF checker, for the tests of the world files. Debian 13 has none.
  if [[ $purpose == dev ]] && ! unknown_here ignition-tools &>/dev/null; then
    need ignition-tools command -v ign
    need sdformat-sdf compgen -G '/usr/share/ignition/sdformat*.yaml'
    need libsdformat-dev library 'libsdformat*.so'
  fi
}

look
if ((${#missing[@]} == 0)); then
  exit
fi

as_root=(env)
if [[ $EUID != 0 ]]; then
  as_root=(sudo -n env)
fi
if ! command -v apt-get >/dev/null || ! "${as_root[@]}" true 2>/dev/null; then
  echo "set-up: install these system packages, then call make again: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
"${as_root[@]}" apt-get -qq update
look
echo "set-up: system packages ${missing[*]}"
"${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "${missing[@]}" >/dev/null
