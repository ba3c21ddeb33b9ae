#!/usr/bin/env bash
# What the steps of a migration share: the two sides, which of them the app uses, and what each has of the other. Sourced, never run.
# shellcheck disable=SC2034 # some names are only for the scripts that source this
set -euo pipefail
# shellcheck source=../mysql/common.sh
. "${BILLYBULLY_ROOT:-}/opt/billybully/mysql/common.sh"

# A side goes by its word in database.active: self-managed is the MySQL on this machine.
WORK=$(dirname "$0")     # of this run alone, in memory
NOTES=$VOLUME/migration  # what later steps have to know; on the volume, so it outlives the machine
CHANNEL=aurora           # by which this machine follows Aurora; Aurora's own has no name
OWN_SCHEMAS="('mysql', 'sys', 'information_schema', 'performance_schema')"
NOT_PEOPLE="user IN ('root', 'admin', 'replication', 'event_scheduler', 'system user', 'unauthenticated user')
  OR user LIKE 'rds%' OR user LIKE 'mysql.%' OR user LIKE 'AWS\\_%'"

other() { if [[ $1 == aurora ]]; then echo self-managed; else echo aurora; fi; }

note() { mkdir -p "$NOTES" && printf '%s\n' "$2" >"$NOTES/$1.new" && mv "$NOTES/$1.new" "$NOTES/$1" && sync "$NOTES"; }
noted() { if [[ -e $NOTES/$1 ]]; then cat "$NOTES/$1"; fi; }
forget() { rm -f "${@/#/$NOTES/}"; }

# client SIDE OPTION...: statements through standard input, or with -e where they hold no password. BOUND is the most seconds, 0 is no bound.
client() {
  local file=$MY_CNF
  if [[ $1 == aurora ]]; then file=$WORK/aurora.cnf; fi
  timeout "${BOUND:-30}" mysql --defaults-file="$file" "${@:2}"
}

on() { client "$1" -NBr -e "$2"; }

# As admin, which copy.sh makes; before that as the app, which is Aurora's master user.
aurora_login() {
  local user password
  for user in admin "$APP_USER"; do
    password=$APP_PASSWORD
    if [[ $user == admin ]]; then password=$ADMIN_PASSWORD; fi
    printf '[client]\nhost=%s\nuser=%s\npassword="%s"\nssl-mode=REQUIRED\n[mysql]\nconnect-timeout=5\n' \
      "$AURORA_HOST" "$user" "${password//\\/\\\\}" >"$WORK/aurora.cnf"
    if BOUND=10 on aurora 'DO 1' >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

# Every step begins so. One at a time, and only on the machine that is the primary of the stack that the document belongs to.
begin_step() {
  exec 8>"$RUN/migration.lock"
  flock -n 8 || STATUS=7 die "another step of the migration still runs"
  [[ $STACK == "$OF_STACK" && $ROLE == mysql ]] || die "this document belongs to the MySQL of stack $OF_STACK, and this is a $ROLE of $STACK"
  fetch_settings || die "the settings cannot be had"
  load_settings
  [[ $SERVER_ID == "$PRIMARY_ID" ]] || die "this is server $SERVER_ID, and by the settings $PRIMARY_ID is the primary: run it there"
  sql 'DO 1' >/dev/null || die "mysqld does not answer here"
  aurora_login || die "Aurora does not answer at $AURORA_HOST, or takes neither admin nor $APP_USER"
}

addresses() { (getent ahostsv4 "$1" || true) | awk '{ print $1 }' | sort -u; }

# The side that the name of the writer leads to.
active() {
  local now
  now=$(addresses "$WRITER_NAME")
  if [[ -n $now && $now == "$(addresses "$OWN_NAME")" ]]; then
    echo self-managed
  elif [[ -n $now && $now == "$(addresses "$AURORA_HOST")" ]]; then
    echo aurora
  else
    die "the name $WRITER_NAME leads to neither $OWN_NAME nor $AURORA_HOST, but to '$now'"
  fi
}

# --- Transactions ---

executed_on() { on "$1" "$executed"; }

subtract() { sql "SELECT REPLACE(GTID_SUBTRACT('$1', '$2'), '\n', '')"; }

# has SIDE TRANSACTIONS SECONDS
has() { [[ $(BOUND=$(($3 + 2)) on "$1" "SELECT WAIT_FOR_EXECUTED_GTID_SET('$2', $3)") == 0 ]]; }

# overlook SIDE TRANSACTIONS: it takes them for its own from now on, and never asks the other side for them. Readers first: one that lacks
# what its writer has purged is refused.
overlook() {
  local mine missing purged reader
  mine=$(executed_on "$1")
  if [[ $1 == aurora ]]; then
    missing=$(subtract "$2" "$mine")
    purged=$(on aurora "SELECT REPLACE(@@GLOBAL.gtid_purged, '\n', '')")
    [[ -z $missing ]] || client aurora <<<"CALL mysql.rds_gtid_purged('${purged:+$purged,}$missing')" >/dev/null
    return
  fi
  for reader in $(addresses "$READERS_NAME"); do
    missing=$(remote "$reader" "$executed") || die "reader $reader cannot be asked what it has: bring it back first, or take it out of database.readers"
    missing=$(subtract "$2" "$missing")
    [[ -z $missing ]] || remote "$reader" "SET GLOBAL gtid_purged = '+$missing'" || die "reader $reader cannot be told what to overlook"
  done
  missing=$(subtract "$2" "$mine")
  [[ -z $missing ]] || sql "SET GLOBAL gtid_purged = '+$missing'"
}

# --- Replication between the sides ---

# replica SIDE FIELD: of SHOW REPLICA STATUS, which says the same on both; nothing where it follows nobody.
replica() {
  local channel=''
  if [[ $1 != aurora ]]; then channel="FOR CHANNEL '$CHANNEL'"; fi
  (client "$1" -E -e "SHOW REPLICA STATUS $channel" 2>/dev/null || true) | awk -v field="$2:" '$1 == field { sub(/^[^:]*: ?/, ""); print }'
}

follows() { [[ $(replica "$1" Replica_IO_Running)/$(replica "$1" Replica_SQL_Running) == Yes/Yes ]]; }

# The status itself says only that a worker failed; which statement and why is in the performance schema, where that is on.
trouble_of() {
  echo "$(replica "$1" Last_IO_Error) $(replica "$1" Last_SQL_Error)" \
    "$(on "$1" "SELECT LAST_ERROR_MESSAGE FROM performance_schema.replication_applier_status_by_worker WHERE LAST_ERROR_MESSAGE <> '' LIMIT 1" 2>/dev/null || true)"
}

stop_following() {
  [[ -n $(replica "$1" Source_Host) ]] || return 0
  if [[ $1 == aurora ]]; then
    on aurora 'CALL mysql.rds_stop_replication; CALL mysql.rds_reset_external_source' >/dev/null
  else
    sql "STOP REPLICA FOR CHANNEL '$CHANNEL'; RESET REPLICA ALL FOR CHANNEL '$CHANNEL'"
  fi
}

# From where its own transactions end. Accounts stay out of it, so that closing one side closes nobody on the other; Aurora never takes them.
start_following() {
  local zero=0
  if [[ $1 == aurora ]]; then
    # RDS has a sixth argument, a delay; so may a later Aurora.
    if [[ $(on aurora "SELECT COUNT(*) FROM information_schema.PARAMETERS WHERE SPECIFIC_SCHEMA = 'mysql'
      AND SPECIFIC_NAME = 'rds_set_external_source_with_auto_position'") == 6 ]]; then zero='0, 0'; fi
    # By its address: it stays with the machine's kept network interface.
    client aurora >/dev/null <<EOF
CALL mysql.rds_set_external_source_with_auto_position('$(addresses "$OWN_NAME")', 3306, 'replication', $(quote "$REPLICATION_PASSWORD"), $zero);
CALL mysql.rds_set_binlog_source_ssl(1);
CALL mysql.rds_start_replication;
EOF
  else
    grep -qs "$CHANNEL:mysql" "$MY_CNF" || printf '[mysqld]\nreplicate-wild-ignore-table=%s:mysql.%%\n' "$CHANNEL" >"$ROOT/etc/my.cnf.d/migration.cnf"
    sql_stdin <<EOF
CHANGE REPLICATION SOURCE TO SOURCE_HOST = '$AURORA_HOST', SOURCE_USER = 'replication', SOURCE_PASSWORD = $(quote "$REPLICATION_PASSWORD"),
  SOURCE_AUTO_POSITION = 1, SOURCE_SSL = 1, SOURCE_CONNECT_RETRY = 2, SOURCE_RETRY_COUNT = 1000000, SOURCE_HEARTBEAT_PERIOD = 2
  FOR CHANNEL '$CHANNEL';
CHANGE REPLICATION FILTER REPLICATE_WILD_IGNORE_TABLE = ('mysql.%') FOR CHANNEL '$CHANNEL';
START REPLICA FOR CHANNEL '$CHANNEL';
EOF
  fi
  await 30 follows "$1" || die "$1 does not follow the other side: $(trouble_of "$1")"
}

# --- Closed for the app, and open ---

# On Aurora the app is the master user, whom read_only does not stop (CONNECTION_ADMIN): its account is locked, and everybody's who is not ours.
is_open() {
  if [[ $1 == aurora ]]; then
    [[ $(on aurora "SELECT account_locked FROM mysql.user WHERE user = '$APP_USER' AND host = '%'") == N ]]
  else
    [[ $(sql 'SELECT @@GLOBAL.read_only') == 0 ]]
  fi
}

# Ends the connections of the app and of people: they come back by the name.
hang_up() {
  local before='KILL ' after=''
  if [[ $1 == aurora ]]; then before='CALL mysql.rds_kill(' after=')'; fi
  on "$1" "SELECT CONCAT('$before', id, '$after;') FROM information_schema.PROCESSLIST WHERE NOT ($NOT_PEOPLE)" |
    client "$1" --force >/dev/null 2>&1 || true
}

nobody_on() { hang_up "$1" && [[ $(on "$1" "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE NOT ($NOT_PEOPLE)") == 0 ]]; }

# Callers say what follows from a failure, so bash does not end these two by itself.
close_side() {
  local people
  if [[ $1 == aurora ]]; then
    people=$(on aurora "SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) FROM mysql.user WHERE account_locked = 'N' AND NOT ($NOT_PEOPLE)") || return 1
    if [[ -n $people ]]; then
      note locked "$({ noted locked && echo "$people"; } | sort -u)" || return 1
      on aurora "ALTER USER $(paste -sd, <<<"$people") ACCOUNT LOCK" || return 1
    fi
    await 5 nobody_on aurora
  else
    record_role moved || return 1 # first: a writer is opened again by guard.sh
    sql 'SET SESSION lock_wait_timeout = 3; SET GLOBAL super_read_only = ON'
  fi
}

open_side() {
  if [[ $1 == aurora ]]; then
    [[ -z $(noted locked) ]] || on aurora "ALTER USER $(noted locked | paste -sd,) ACCOUNT UNLOCK" || return 1
    forget locked
  else
    record_role writer || return 1
    sql 'SET GLOBAL read_only = OFF'
  fi
}
