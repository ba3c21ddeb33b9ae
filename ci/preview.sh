#!/usr/bin/env bash
# What a change would do to one stack, for the people who review it. usage: ci/preview.sh STACK FOLDER
# Writes FOLDER/STACK.md, the comment, and FOLDER/fingerprint.env, whose one line tells these changes from others.
# Environment: COMMIT, what is previewed (optional). Status: 0 gate open, 1 gate closed or no preview.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: ci/preview.sh STACK FOLDER" >&2; exit 2; }
stack=$1 folder=$2
cd "$(dirname "$0")/.."
export PATH="$PWD/.cache/pulumi:$PATH" PULUMI_SKIP_UPDATE_CHECK=true
umask 077 # a preview holds the inputs of every resource
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$folder"
echo "fingerprint=none" >"$folder/fingerprint.env"

status=0
pulumi preview --stack "$stack" --json --non-interactive --color never >"$work/preview.json" 2>"$work/errors" || status=$?
cat "$work/errors" >&2

gate=0
npm run --silent gate -- "$work/preview.json" --stack "$stack" --allow-file gate-allow.txt \
  --fingerprint "$work/fingerprint" || gate=$?
npm run --silent comment -- "$work/preview.json" --stack "$stack" --allow-file gate-allow.txt \
  --errors "$work/errors" --status "$status" ${COMMIT:+--commit "$COMMIT"} >"$work/comment"
mv "$work/comment" "$folder/$stack.md"

if [ "$status" -ne 0 ]; then
  echo "pulumi preview of $stack failed with status $status" >&2
  exit 1
fi
[ "$gate" -eq 0 ] || exit 1
# Only what the gate let through can be approved.
echo "fingerprint=$(cat "$work/fingerprint")" >"$folder/fingerprint.env"
