#!/usr/bin/env bash
# rejoin.sh [HOST]: makes an old writer a reader of the new one (HOST, else by the settings). Refuses where it has transactions that the
# new one has not.
set -euo pipefail
. "$(dirname "$0")/common.sh"

alone
fetch_settings || die "the settings cannot be had"
load_settings
[[ $(recorded_role) == writer ]] || die "this server is no writer: $(recorded_role)"
[[ -n ${1:-} || $SERVER_ID != "$PRIMARY_ID" ]] || die "by the settings this server is the writer itself"
host=${1:-$PRIMARY_HOST}

start_mysql
sql 'SET PERSIST super_read_only = ON'
[[ $(remote "$host" 'SELECT @@GLOBAL.read_only') == 0 ]] || die "$host takes no writes: it is not the writer"
sql 'STOP REPLICA; RESET REPLICA ALL' # Aurora, while data moves
follow "$host"
record_role reader
sql 'RESET PERSIST IF EXISTS super_read_only'
log "$("$OPT/mysql/health.sh")"
