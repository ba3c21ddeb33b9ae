#!/usr/bin/env bash
# One line: whether this machine serves as what it is. Status 0: it does.
set -euo pipefail
. "$(dirname "$0")/common.sh"

MOST_SECONDS_BEHIND=30

used="volume $(df --output=pcent "$VOLUME" | tail -n 1 | tr -d ' ') full"
role=$(recorded_role)
closed=$(sql 'SELECT @@GLOBAL.super_read_only + @@GLOBAL.read_only' 2>/dev/null) || { echo "$role: mysqld does not answer, $used"; exit 1; }

case $role in
  writer)
    acknowledged=$(sql "SELECT GROUP_CONCAT(VARIABLE_VALUE ORDER BY VARIABLE_NAME DESC SEPARATOR ', readers ') FROM performance_schema.global_status
      WHERE VARIABLE_NAME IN ('Rpl_semi_sync_source_status', 'Rpl_semi_sync_source_clients')")
    echo "writer: $( ((closed == 0)) && echo open || echo closed), semi-synchronous $acknowledged, $used"
    ((closed == 0))
    ;;
  reader)
    # From commit on the writer to now, for what is being applied; nothing being applied is 0 as long as it replicates.
    behind=$(sql "SELECT COALESCE(MAX(TIMESTAMPDIFF(SECOND, APPLYING_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP, NOW(6))), 0)
      FROM performance_schema.replication_applier_status_by_worker WHERE APPLYING_TRANSACTION <> ''")
    state=$(replicating && echo replicates || echo 'does not replicate')
    echo "reader: $state from $(source_host), $behind s behind, $( ((closed == 2)) && echo closed || echo OPEN), $used"
    [[ $state == replicates ]] && ((closed == 2 && behind <= MOST_SECONDS_BEHIND))
    ;;
  moved)
    echo "moved: the app uses Aurora; $( ((closed == 2)) && echo closed || echo OPEN), $(replicating && echo follows || echo 'does not follow'), $used"
    ((closed == 2))
    ;;
  *) echo "$role: not in use yet, $used" && exit 1 ;;
esac
