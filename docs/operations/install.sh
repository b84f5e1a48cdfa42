#!/bin/sh
# Installs TenEleven by its run-time lock: install.sh FOLDER [OPTIONS OF PIP]. Run it in the project's folder.
# Every file is compared with the lock's hashes; with "--no-index --find-links=wheels" no network is used.
set -eu
folder=$1
options=${2:-}
"${PYTHON:-python3}" -m venv "$folder"
# shellcheck disable=SC2086  # several options
"$folder/bin/python" -m pip install --quiet --no-deps --require-hashes $options -r requirements.lock
"$folder/bin/python" -m pip install --quiet --no-deps --no-build-isolation --no-index .
"$folder/bin/teneleven" --version
"$folder/bin/teneleven" licences --check >/dev/null
