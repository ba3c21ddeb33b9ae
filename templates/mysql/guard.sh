#!/usr/bin/env bash
# Runs when mysqld has started and every 20 s. Opens the writer for writes, once. Closes it before its disk is full: then reads go on and
# writes fail at once, where MySQL alone would let them hang. Opens it again when the volume has grown.
set -euo pipefail
. "$(dirname "$0")/common.sh"

FULL=97
TIGHT=90 # from here on binary logs older than a day go, whoever may still want them

[[ $(recorded_role) == writer ]] || exit 0
load_settings
used=$(df --output=pcent "$VOLUME" | tail -n 1 | tr -dc 0-9)
closed=$(sql 'SELECT @@GLOBAL.read_only')

if ((used >= FULL && ! closed)); then
  # Where there is no room at all, commits hang and this with them; left waiting, it would close a writer that has room again.
  sql 'SET SESSION lock_wait_timeout = 15; SET GLOBAL super_read_only = ON'
  log "volume $VOLUME_ID is $used % full: closed for writes until it has grown"
elif ((used < FULL - 2 && closed)) && [[ $SERVER_ID == "$PRIMARY_ID" ]] && ! fenced; then
  sql 'SET GLOBAL read_only = OFF'
  log "open for writes"
fi
if ((used >= TIGHT)); then sql 'PURGE BINARY LOGS BEFORE NOW() - INTERVAL 1 DAY'; fi
