#!/usr/bin/env bash
# Brings what the other scripts run: this project's packages as its lock file has them, and the Pulumi CLI that pulumi.sha256 names.
# A download that is another than that one is not unpacked. usage: ci/install.sh
set -euo pipefail
cd "$(dirname "$0")/.."

# No package's own install script runs: none of them is needed.
npm ci --ignore-scripts --no-audit --no-fund

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || {
  echo "ci/pulumi.sha256 is of the CLI for Linux on x86-64; this runner is $(uname -s) on $(uname -m)" >&2
  exit 1
}
read -r _ archive <ci/pulumi.sha256
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
curl --fail --silent --show-error --location --proto '=https' --retry 3 --max-time 300 \
  --output "$work/$archive" "https://get.pulumi.com/releases/sdk/$archive"
sum=$PWD/ci/pulumi.sha256
(cd "$work" && sha256sum --check --strict --quiet "$sum")
tar -xzf "$work/$archive" -C "$work"
rm -rf .cache/pulumi
mkdir -p .cache
mv "$work/pulumi" .cache/pulumi
.cache/pulumi/pulumi version
