#!/usr/bin/env bash
# Whether AWS is as the state of one stack says. Reads both, and changes neither. usage: ci/drift.sh STACK FOLDER
# Writes FOLDER/STACK.md, the text of an issue; only its marker where there is nothing to say.
# Status: 0 no drift, 1 drift, or nobody could tell.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: ci/drift.sh STACK FOLDER" >&2; exit 2; }
stack=$1 folder=$2
cd "$(dirname "$0")/.."
export PATH="$PWD/.cache/pulumi:$PATH" PULUMI_SKIP_UPDATE_CHECK=true
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$folder"

status=0
pulumi refresh --stack "$stack" --preview-only --json --non-interactive --color never >"$work/refresh.json" 2>"$work/errors" || status=$?
cat "$work/errors" >&2
drift=0
npm run --silent drift -- "$work/refresh.json" --stack "$stack" --errors "$work/errors" --status "$status" >"$work/report" || drift=$?
cat "$work/report"
mv "$work/report" "$folder/$stack.md"
[ "$drift" -eq 0 ] || exit 1
