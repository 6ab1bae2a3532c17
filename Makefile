# One command for each job. Every job does its own set-up in .venv; a second call finds it done.
#
# PYTHON     the interpreter of .venv, 3.10 to 3.14
# TORCH      what pip is asked for instead of requirements/torch.txt, in pip's own words: a version, a wheel file or
#            another index, e.g. make demo TORCH="torch==2.13.0 --index-url URL" with the index of the build you want
# DEMO_ARGS, BENCHMARK_ARGS, PYTEST_ARGS    further arguments of the command
# MUJOCO_GL  egl or osmesa; both render without a display
SHELL := /bin/bash
PYTHON ?= python3
TORCH ?= -r requirements/torch.txt
MUJOCO_GL ?= egl
DEMO_ARGS ?=
BENCHMARK_ARGS ?=
PYTEST_ARGS ?=
export PYTHON TORCH MUJOCO_GL

# A sourced ROS 2 install or an active venv must not leak into .venv, whose ROS 2 is its own.
unexport AMENT_PREFIX_PATH CMAKE_PREFIX_PATH COLCON_PREFIX_PATH LD_LIBRARY_PATH PYTHONHOME PYTHONPATH \
  RMW_IMPLEMENTATION ROS_DISTRO ROS_VERSION VIRTUAL_ENV _ROS_WHEELS_BOOTSTRAP_COMPLETE

BIN := .venv/bin

.NOTPARALLEL:
MODELS := detector segmenter recogniser
POLICIES := arena_dqn arena_ddpg arena_td3 clutter_td3
.PHONY: help setup setup-dev demo test lint pytest format benchmark models policies $(MODELS) $(POLICIES) lock clean

help: ## list the commands
	@grep -E '^[a-z -]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z -]+):.*## /\1\t/' | expand -t 14

setup: ## set up .venv for using the package
	@scripts/setup.sh run

setup-dev: ## set up .venv for tests and benchmarks as well
	@scripts/setup.sh dev

demo: setup ## train a policy, drive it over ROS 2 topics and report
	$(BIN)/python -m dl_robotics.commands demo $(DEMO_ARGS)

test: lint pytest ## every check, as CI runs it

lint: setup-dev ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Without ROS_PYTHON_CHECK_FIELDS a message takes an int for a float and sends garbage.
pytest: export ROS_PYTHON_CHECK_FIELDS := 1
pytest: export ROS_AUTOMATIC_DISCOVERY_RANGE := LOCALHOST
pytest: export ROS_LOG_DIR := $(CURDIR)/log/ros
pytest: setup-dev ## the tests alone
	$(BIN)/python -m pytest --timeout=300 $(PYTEST_ARGS)

format: setup-dev ## rewrite the sources in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmark: setup-dev ## measure speed against the figures that the project promises
	$(BIN)/python -m dl_robotics.commands benchmark $(BENCHMARK_ARGS)

models: $(MODELS) ## train the models of images and people that ship (config/models) anew, or each by its name

policies: $(POLICIES) ## train the policies that ship (config/models) anew, or each by its name: make arena_td3

$(MODELS) $(POLICIES): setup
	scripts/shipped_model.sh $@

lock: ## resolve requirements/*.in into *.txt (needs uv)
	scripts/lock.sh $(LOCK_ARGS)

clean: ## remove everything that make, colcon and the tools have written, except runs/
	rm -rf .venv build install log *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
