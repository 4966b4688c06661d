# moa: thin front of scripts/. Every target does its own set-up on a fresh
# Debian 12 and does nothing that is done already.
#
#   make [build|test|demo|docs|clean|distclean|help] [JOBS=n] [BUILD=dir]

BUILD ?= build
export MOA_BUILD := $(abspath $(BUILD))
export MOA_JOBS := $(JOBS)

.PHONY: build test demo docs clean distclean help

build: ; @scripts/build.sh
test: ; @scripts/test.sh
demo: ; @scripts/demo.sh
docs: ; @scripts/docs.sh
clean: ; @scripts/clean.sh
distclean: ; @scripts/clean.sh --all
help: ; @scripts/help.sh
