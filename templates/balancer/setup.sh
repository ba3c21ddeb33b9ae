#!/usr/bin/env bash
# Packages and units of the balancer. Safe to run again. nginx starts with apply.sh, which knows the servers.
set -euo pipefail
. "$(dirname "$0")/../machine/lib.sh"

packages nginx amazon-cloudwatch-agent logrotate
mkdir -p "$ROOT/etc/nginx" "$ROOT/etc/systemd/system/nginx.service.d"
# The distribution's unit gives nginx 5 s for its last requests.
printf '[Service]\nTimeoutStopSec=35\nRestart=on-failure\nLimitNOFILE=65536\n' >"$ROOT/etc/systemd/system/nginx.service.d/billybully.conf"
keep_logs
touch "$STATE/setup-done"
