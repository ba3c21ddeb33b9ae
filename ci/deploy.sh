#!/usr/bin/env bash
# Brings one stack to what was approved, and to nothing else. usage: ci/deploy.sh STACK FINGERPRINT
# FINGERPRINT is what ci/preview.sh wrote when the approver looked. The gate reads a fresh preview directly before the `up`; where that
# is of other changes than the approved ones (another `up` since, a secret or an output that moved), nothing is done.
# Status: 0 done, 1 refused or failed.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: ci/deploy.sh STACK FINGERPRINT" >&2; exit 2; }
stack=$1 approved=$2
[[ $approved =~ ^[0-9a-f]{64}$ ]] || { echo "there is no approved preview of $stack: run its preview first" >&2; exit 1; }
cd "$(dirname "$0")/.."
export PATH="$PWD/.cache/pulumi:$PATH" PULUMI_SKIP_UPDATE_CHECK=true
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pulumi preview --stack "$stack" --json --non-interactive --color never >"$work/preview.json" || {
  # What the program says of its settings is in the JSON, and the gate repeats it.
  npm run --silent gate -- "$work/preview.json" || true
  echo "pulumi preview of $stack failed; nothing was changed" >&2
  exit 1
}
npm run --silent gate -- "$work/preview.json" --stack "$stack" --allow-file gate-allow.txt --fingerprint "$work/fingerprint"
if [ "$(cat "$work/fingerprint")" != "$approved" ]; then
  echo "the changes of $stack are others than those that were approved; nothing was changed. Run the pipeline again, and look at its preview" >&2
  exit 1
fi
pulumi up --stack "$stack" --yes --skip-preview --non-interactive --color never --suppress-progress
