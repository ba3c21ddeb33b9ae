#!/usr/bin/env bash
# Makes this reader the writer. With --old-writer-is-gone also when the old one cannot be reached: whoever says so has stopped its
# instance, because a writer that comes back would take writes that are lost afterwards.
set -euo pipefail
. "$(dirname "$0")/common.sh"

wait_for() { [[ $(sql "SELECT WAIT_FOR_EXECUTED_GTID_SET('$1', $2)") == 0 ]]; }

alone
load_settings
[[ $(recorded_role) == reader ]] || die "this server is no reader: $(recorded_role)"
old=$(source_host)

if theirs=$(remote "$old" "SET PERSIST super_read_only = ON; $executed"); then
  log "$old takes no more writes"
  wait_for "$theirs" 30 || die "$old is closed, but not all it has is here after 30 s: run this again"
elif [[ ${1:-} != --old-writer-is-gone ]]; then
  die "$old cannot be reached and so not be closed: stop its instance, then run promote.sh --old-writer-is-gone"
fi

sql 'STOP REPLICA IO_THREAD'
received=$(sql "SELECT REPLACE(RECEIVED_TRANSACTION_SET, '\n', '') FROM performance_schema.replication_connection_status")
wait_for "$received" 120 || die "what came from $old is not applied after 120 s; still a reader: run this again"
sql 'STOP REPLICA; RESET REPLICA ALL; RESET PERSIST IF EXISTS super_read_only'
record_role writer
sql 'SET GLOBAL read_only = OFF'
log "is the writer. Now make it the primary in the stack's configuration and run pulumi up; then rejoin.sh on $old"
