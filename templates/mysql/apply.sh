#!/usr/bin/env bash
# Makes the server agree with its settings. Never changes what a machine is: promote.sh and rejoin.sh do. Status 0: it serves as that.
set -euo pipefail
. "$(dirname "$0")/common.sh"

configure() {
  local memory bytes
  memory=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
  bytes=$((memory * 1024 * BUFFER_POOL_PERCENT / 100))
  printf '[mysqld]\nserver_id=%s\ninnodb_buffer_pool_size=%s\n' "$SERVER_ID" "$bytes" >"$ROOT/etc/my.cnf.d/billybully.cnf"
  if systemctl is-active --quiet mysqld; then sql "SET GLOBAL innodb_buffer_pool_size = $bytes"; fi
}

# Only before the first record of writer or reader: what is there then came from a run that was cut short.
empty_server() {
  record_role "$1"
  systemctl stop mysqld
  rm -rf "$DATA"
  mysqld --defaults-file="$MY_CNF" --initialize-insecure --user=mysql --super-read-only=OFF || die "mysqld cannot make its files, see $LOGS/mysql-error.log"
  start_mysql
}

# account NAME PASSWORD GRANTS [OPTION]
account() {
  local password
  password=$(quote "$2")
  printf "CREATE USER IF NOT EXISTS '%s'@'%%' IDENTIFIED WITH caching_sha2_password BY %s;\n" "$1" "$password"
  printf "ALTER USER '%s'@'%%' IDENTIFIED WITH caching_sha2_password BY %s REQUIRE SSL;\n" "$1" "$password"
  printf "GRANT %s TO '%s'@'%%' %s;\n" "$3" "$1" "${4:-}"
}

accounts() {
  {
    printf "ALTER USER root@localhost IDENTIFIED WITH auth_socket;\nCREATE DATABASE IF NOT EXISTS \`%s\`;\n" "$DATABASE"
    account "$APP_USER" "$APP_PASSWORD" "ALL ON \`$DATABASE\`.*"
    account replication "$REPLICATION_PASSWORD" 'REPLICATION SLAVE, BACKUP_ADMIN ON *.*'
    account admin "$ADMIN_PASSWORD" 'ALL ON *.*' 'WITH GRANT OPTION'
  } | sql_stdin
}

create_writer() {
  log "makes an empty database"
  empty_server creating
  sql 'SET GLOBAL read_only = OFF'
  accounts
  record_role writer
}

# By the clone plugin: a copy of the files at the speed of the volume, users and GTIDs included, while the writer goes on. A dump would be
# loaded statement by statement, hours for what is minutes here. It wants the same series (8.4 and 8.4) and architecture on both sides.
seed_reader() {
  log "copies the data of $PRIMARY_HOST"
  empty_server seeding
  await 300 remote "$PRIMARY_HOST" 'DO 1' || die "$PRIMARY_HOST does not answer: there is nothing to copy"
  sql 'SET GLOBAL read_only = OFF'
  # At its end the server goes down, which the client sees as an error: clone_status tells.
  sql_stdin <<EOF || true
SET GLOBAL clone_valid_donor_list = '$PRIMARY_HOST:3306';
CLONE INSTANCE FROM 'replication'@'$PRIMARY_HOST':3306 IDENTIFIED BY $(quote "$REPLICATION_PASSWORD") REQUIRE SSL;
EOF
  systemctl restart mysqld
  start_mysql
  [[ $(sql 'SELECT STATE FROM performance_schema.clone_status') == Completed ]] ||
    die "copying from $PRIMARY_HOST failed: $(sql 'SELECT ERROR_MESSAGE FROM performance_schema.clone_status')"
  sql 'STOP REPLICA; RESET REPLICA ALL' # copied too: whom the writer follows while data moves
  follow "$PRIMARY_HOST"
  record_role reader
}

replicates_from() { [[ $(source_host) == "$1" ]] && replicating; }

begin
fetch_settings || die "the settings cannot be had; mysqld goes on as it is"
load_settings
"$OPT/mysql/volume.sh"
configure
wanted=reader
if [[ $SERVER_ID == "$PRIMARY_ID" ]]; then wanted=writer; fi

case $(recorded_role)/$wanted in
  none/* | creating/writer | seeding/reader)
    [[ $(recorded_role) != none || ! -e $DATA ]] || die "$DATA has no record of whose it is: nothing done"
    if [[ $wanted == writer ]]; then create_writer; else seed_reader; fi
    ;;
  writer/writer)
    start_mysql
    ! fenced || die "closed, because another server is or was the writer: make that one the primary, then run $OPT/mysql/rejoin.sh here." \
      "Only where no other ever took a write: mysql -e 'RESET PERSIST super_read_only', then this again"
    ;;
  reader/reader)
    start_mysql
    if [[ $(source_host) == "$PRIMARY_HOST" ]]; then sql 'START REPLICA'; fi
    await 10 replicates_from "$PRIMARY_HOST" || follow "$PRIMARY_HOST"
    not_diverged "$PRIMARY_HOST" # a writer that was restored from a snapshot is followed without a complaint
    ;;
  moved/writer) start_mysql ;;
  writer/reader)
    start_mysql
    sql 'SET PERSIST super_read_only = ON' # for good: a stack that names this one again must not open data that has been overtaken
    die "$PRIMARY_HOST is the writer now, so this server has been closed. Run $OPT/mysql/rejoin.sh here to make it a reader"
    ;;
  *) die "this server is a $(recorded_role) and should be the writer: run $OPT/mysql/promote.sh here, after reading docs/machines.md" ;;
esac

"$OPT/mysql/guard.sh"
if [[ $(recorded_role) == writer && ! -e $VOLUME/migration/state ]]; then accounts; fi # at which Aurora would stop
await "${BILLYBULLY_READY_SECONDS:-300}" "$OPT/mysql/health.sh" || die "$("$OPT/mysql/health.sh")"
log "$("$OPT/mysql/health.sh")"
