#!/usr/bin/env bash
# Makes the server agree with its settings and the current release, without losing a request. Status 0: it serves.
set -euo pipefail
. "$(dirname "$0")/../machine/lib.sh"

begin
fetch_settings || die "the settings cannot be had; what runs goes on as it is"
"$OPT/app/release.sh" current
retry 10 2 "nginx and what is behind it" healthy 127.0.0.1 || die "no healthy answer on port 80"
log "serves: $("$OPT/app/release.sh" status)"
