#!/usr/bin/env bash
# Hands what ci/preview.sh or ci/drift.sh wrote to later jobs and to the page of the run, where people read it. usage: ci/github-outputs.sh STACK FOLDER
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: ci/github-outputs.sh STACK FOLDER" >&2; exit 2; }
comment=$2/$1.md
# Nobody who writes into a comment can know the word that ends it.
end=$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')
{
  [ ! -e "$2/fingerprint.env" ] || cat "$2/fingerprint.env"
  printf 'comment<<%s\n' "$end"
  cat "$comment"
  printf '%s\n' "$end"
} >>"$GITHUB_OUTPUT"
cat "$comment" >>"$GITHUB_STEP_SUMMARY"
