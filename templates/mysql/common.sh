#!/usr/bin/env bash
# What the MySQL scripts share. Sourced, never run.
# shellcheck disable=SC2034 # some names are only for the scripts that source this
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../machine/lib.sh"

VOLUME=$ROOT/var/lib/mysql
DATA=$VOLUME/data
MY_CNF=$ROOT/etc/my.cnf

# What this machine is, by its own record on the volume: creating or seeding (nobody has relied on the data yet), writer, reader, or moved
# (to Aurora: docs/migration.md).
recorded_role() { if [[ -e $VOLUME/role ]]; then cat "$VOLUME/role"; else echo none; fi; }
record_role() { echo "$1" >"$VOLUME/role.new" && sync "$VOLUME/role.new" && mv "$VOLUME/role.new" "$VOLUME/role" && sync "$VOLUME"; }

load_settings() {
  [[ -s $SETTINGS ]] || fetch_settings || die "the settings cannot be had"
  # shellcheck source=/dev/null
  . "$SETTINGS"
}

sql() { mysql --defaults-file="$MY_CNF" -NBr -e "$1"; }

# Statements with passwords come through standard input: a command line can be read by everybody on the machine.
sql_stdin() { mysql --defaults-file="$MY_CNF" -NBr; }

quote() { sed "s/[\\\\']/\\\\&/g; s/^/'/; s/\$/'/" <<<"$1"; }

# remote HOST STATEMENT, as admin.
remote() (
  umask 077
  file=$(mktemp "$RUN/remote.XXXXXX")
  trap 'rm -f "$file"' EXIT
  printf '[client]\nhost=%s\nuser=admin\npassword="%s"\nssl-mode=REQUIRED\n' "$1" "${ADMIN_PASSWORD//\\/\\\\}" >"$file"
  timeout 20 mysql --defaults-file="$file" --connect-timeout=5 -NBr -e "$2"
)

executed="SELECT REPLACE(@@GLOBAL.gtid_executed, '\n', '')"

start_mysql() {
  systemctl enable mysqld
  systemctl start mysqld || die "mysqld does not start, see $LOGS/mysql-error.log"
  await 180 sql 'DO 1' || die "mysqld does not answer, see $LOGS/mysql-error.log"
}

device_of() { echo "$ROOT/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${1//-/}"; }

# A promotion elsewhere closed this server for good.
fenced() {
  [[ $(sql "SELECT COUNT(*) FROM performance_schema.persisted_variables WHERE VARIABLE_NAME = 'super_read_only' AND VARIABLE_VALUE = 'ON'") == 1 ]]
}

source_host() { sql 'SELECT HOST FROM performance_schema.replication_connection_configuration'; }

replicating() {
  [[ $(sql "SELECT COUNT(*) FROM performance_schema.replication_connection_status c JOIN performance_schema.replication_applier_status a
    ON a.CHANNEL_NAME = c.CHANNEL_NAME WHERE c.SERVICE_STATE = 'ON' AND a.SERVICE_STATE = 'ON'") == 1 ]]
}

# not_diverged HOST: this server has no transaction that HOST has not. A reader has a commit a moment before the writer that waits for it.
not_diverged() {
  local mine theirs extra try
  mine=$(sql "$executed")
  for try in 1 2 3 4 5; do
    theirs=$(remote "$1" "$executed") || die "$1 cannot be asked what it has"
    extra=$(sql "SELECT REPLACE(GTID_SUBTRACT('$mine', '$theirs'), '\n', '')")
    [[ -n $extra ]] || return 0
    sleep "${BILLYBULLY_PAUSE:-$try}"
  done
  die "diverged from $1: only this server has $extra. Save what matters of it (snapshot of the volume), then reseed.sh"
}

# follow HOST: from where this server's own transactions end.
follow() {
  not_diverged "$1"
  sql_stdin <<EOF
STOP REPLICA;
CHANGE REPLICATION SOURCE TO SOURCE_HOST = '$1', SOURCE_USER = 'replication', SOURCE_PASSWORD = $(quote "$REPLICATION_PASSWORD"),
  SOURCE_AUTO_POSITION = 1, SOURCE_SSL = 1, SOURCE_CONNECT_RETRY = 2, SOURCE_RETRY_COUNT = 1000000, SOURCE_HEARTBEAT_PERIOD = 2;
START REPLICA;
EOF
  await 30 replicating || die "does not replicate from $1: $(sql 'SELECT CONCAT(c.LAST_ERROR_MESSAGE, " ", w.LAST_ERROR_MESSAGE)
    FROM performance_schema.replication_connection_status c, performance_schema.replication_applier_status_by_worker w LIMIT 1')"
}
