#!/usr/bin/env bash
# Makes this reader the writer. With --old-writer-is-gone also when the old one cannot be reached: whoever says so has stopped its
# instance, because a writer that comes back would take writes that are lost afterwards.
set -euo pipefail
. "$(dirname "$0")/common.sh"

wait_for() { [[ $(sql "SELECT WAIT_FOR_EXECUTED_GTID_SET('$1', $2)") == 0 ]]; }

address() { getent ahostsv4 "$1" | awk 'NR == 1 { print $1 }'; }

# With several readers an acknowledged commit is on one of them: whichever has the most must be the one.
most_advanced() {
  local address mine theirs
  mine=$(sql "$received_or_executed")
  for address in $(getent ahostsv4 "$READERS_NAME" | awk '{ print $1 }' | sort -u); do
    theirs=$(remote "$address" "$received_or_executed") || { log "reader $address cannot be asked what it has" && continue; }
    [[ -z $(sql "SELECT REPLACE(GTID_SUBTRACT('$theirs', '$mine'), '\n', '')") ]] ||
      die "reader $address has what this one has not: run promote.sh there; still a reader here"
  done
}

received_or_executed="SELECT REPLACE(CONCAT(@@GLOBAL.gtid_executed, ',', COALESCE(MAX(RECEIVED_TRANSACTION_SET), '')), '\n', '')
  FROM performance_schema.replication_connection_status"

# After a move to Aurora (docs/migration.md).
elsewhere() {
  local leads
  leads=$(address "$WRITER_NAME") || return 1
  ! getent ahostsv4 "$old" "$READERS_NAME" | grep -F "$leads " >/dev/null
}

# The app looks the writer's name up again when a connection breaks, or when it is told that it may not write there. While it leads to
# another server, it stays.
turn_writer() {
  [[ $(address "$WRITER_NAME") == "$(address "$old")" ]] || return 0
  retry 5 2 "name $WRITER_NAME" cli route53 change-resource-record-sets --hosted-zone-id "$ZONE_ID" --change-batch \
    "{\"Changes\":[{\"Action\":\"UPSERT\",\"ResourceRecordSet\":{\"Name\":\"$WRITER_NAME\",\"Type\":\"CNAME\",\"TTL\":5,\"ResourceRecords\":[{\"Value\":\"$OWN_NAME\"}]}}]}" >/dev/null
}

alone
load_settings
[[ $(recorded_role) == reader ]] || die "this server is no reader: $(recorded_role)"
old=$(source_host)
! elsewhere || die "$WRITER_NAME leads to another database: still a reader here"

if theirs=$(remote "$old" "SET PERSIST super_read_only = ON; $executed"); then
  log "$old takes no more writes"
  wait_for "$theirs" 30 || die "$old is closed, but not all it has is here after 30 s: run this again"
elif [[ ${1:-} != --old-writer-is-gone ]]; then
  die "$old cannot be reached and so not be closed: stop its instance, then run promote.sh --old-writer-is-gone"
fi

most_advanced
sql 'STOP REPLICA IO_THREAD'
received=$(sql "SELECT REPLACE(RECEIVED_TRANSACTION_SET, '\n', '') FROM performance_schema.replication_connection_status")
wait_for "$received" 120 || die "what came from $old is not applied after 120 s; still a reader: run this again"
sql 'STOP REPLICA; RESET REPLICA ALL; RESET PERSIST IF EXISTS super_read_only'
record_role writer
sql 'SET GLOBAL read_only = OFF'
turn_writer || die "is the writer, but the name $WRITER_NAME still leads to the old one: pulumi up with this one as primary turns it"
log "is the writer. Now make it the primary in the stack's configuration and run pulumi up; then rejoin.sh on $old"
