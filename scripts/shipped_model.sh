#!/usr/bin/env bash
# Trains a model that ships, from nothing but this checkout:
# `shipped_model.sh detector|segmenter|recogniser|arena_dqn|arena_ddpg|arena_td3|clutter_td3`.
#
# For detector and segmenter, scenes are captured and a backbone learns from them, then the model. The recogniser learns
# from generated motion, policies learn by driving. runs/ keeps all of it, and a second call goes on where the first was interrupted. The result
# replaces config/models/NAME.safetensors.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

name=$1
dl_robotics() { .venv/bin/python -m dl_robotics.commands "$@"; }

capture() { # capture PART ARGUMENTS...: runs/scenes/PART
  if [[ ! -e runs/scenes/$1.done ]]; then
    rm -rf "runs/scenes/$1"
    dl_robotics capture shipped --output "runs/scenes/$1" "${@:2}"
    touch "runs/scenes/$1.done"
  fi
}

learn() { # learn RECIPE: runs/RECIPE/best.safetensors
  dl_robotics train "config/training/$1.yaml" --output "runs/$1" --resume
}

ship() { # ship RECIPE: its model becomes the one that ships
  install -D -m 644 "runs/$1/best.safetensors" "config/models/$name.safetensors"
}

if [[ $name == recogniser ]]; then
  learn activities
  ship activities
  dl_robotics evaluate "config/models/$name.safetensors" --set generator.seed=1000 --set generator.clips=500 \
    --output runs/activities/report
elif [[ $name == arena_* || $name == clutter_* ]]; then
  learn "$name"
  ship "$name"
  dl_robotics evaluate "config/models/$name.safetensors" --suite "${name%_*}" --output "runs/$name/report"
else
  capture val --frames 500 --seed 0 --purpose evaluate
  capture train --frames 5000 --seed 1
  learn scenes_backbone
  learn "scenes_$name"
  ship "scenes_$name"
  dl_robotics evaluate "config/models/$name.safetensors" runs/scenes/val --output "runs/scenes_$name/report"
fi
