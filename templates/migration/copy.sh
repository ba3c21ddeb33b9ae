#!/usr/bin/env bash
# Copies every schema of the side that the app uses to the other one, as it is at one moment, while the app goes on. What the other side
# holds is dropped first: so it may be run again from the start, and it asks for that side's name where there is anything.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/sessions.sh"

KEPT_HOURS=168 # binary logs on Aurora, as long as on EC2 (binlog_expire_logs_seconds)

# account NAME PASSWORD GRANTS...
account() {
  local password grant
  password=$(quote "$2")
  printf "CREATE USER IF NOT EXISTS '%s'@'%%' IDENTIFIED WITH caching_sha2_password BY %s;\n" "$1" "$password"
  printf "ALTER USER '%s'@'%%' IDENTIFIED WITH caching_sha2_password BY %s REQUIRE SSL;\n" "$1" "$password"
  for grant in "${@:3}"; do printf "GRANT %s TO '%s'@'%%';\n" "$grant" "$1"; done
}

# Who works on Aurora from now on, because the app's account will be locked there while the app is on the other side.
make_accounts() {
  {
    account replication "$REPLICATION_PASSWORD" 'REPLICATION SLAVE ON *.*'
    account admin "$ADMIN_PASSWORD" rds_superuser_role
    printf "ALTER USER 'admin'@'%%' DEFAULT ROLE rds_superuser_role;\n"
  } | client aurora
  aurora_login || die "Aurora does not take admin"
  on aurora "CALL mysql.rds_set_configuration('binlog retention hours', $KEPT_HOURS)" >/dev/null
}

# Those that people made, with their passwords as hashes, which never leave these two.
carry_accounts() {
  local account
  on "$from" "SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) FROM mysql.user WHERE account_locked = 'N' AND user <> '$APP_USER' AND NOT ($NOT_PEOPLE)" |
    while IFS= read -r account; do
      {
        printf 'DROP USER IF EXISTS %s;\n' "$account"
        client "$from" -NBr -e "SET print_identified_with_as_hex = ON; SHOW CREATE USER $account; SHOW GRANTS FOR $account" </dev/null | sed 's/$/;/'
      } | client "$to" || die "account $account does not come along"
    done
}

close_copy() { close_side "$to" || die "$to cannot be closed: somebody's connection does not end there"; }

dump() {
  local file=$MY_CNF
  if [[ $from == aurora ]]; then file=$WORK/aurora.cnf; fi
  # Line by line, so that its first words come when its snapshot has begun.
  stdbuf -oL mysqldump --defaults-file="$file" --single-transaction --quick --routines --triggers --events --hex-blob --no-tablespaces \
    --set-gtid-purged=OFF --default-character-set=utf8mb4 --databases "${schemas[@]}"
}

# Passes everything on, and says when the first schema comes: by then mysqldump reads from its snapshot.
watch_beginning() {
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line"
    [[ $line != '-- Current Database'* ]] || break
  done
  : >"$WORK/begun"
  cat
}

progress() {
  local line done=0 all
  all=$(on "$from" "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN $OWN_SCHEMAS AND TABLE_TYPE = 'BASE TABLE'")
  grep -a --line-buffered '^-- Dumping data for table' | while IFS= read -r line; do log "table $((++done)) of $all: ${line##* }"; done
}

transfer() { dump | watch_beginning | tee >(progress) | BOUND=0 client "$to" --max-allowed-packet=1G; }

begin_step
BEGUN=yes
. "$WORK/preflight.sh"

[[ $(on "$to" "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN $OWN_SCHEMAS") == 0 || $OVERWRITE == "$to" ]] ||
  die "$to holds tables already. If nobody needs them: again with Overwrite=$to, which drops them"

# In this order: what is dropped and loaded on the one side must never reach the other.
forget state compared
stop_following "$from"
stop_following "$to"
make_accounts
close_copy
[[ $to == aurora ]] || sql 'SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = ON' # root alone loads
on "$to" "SELECT CONCAT('DROP DATABASE \`', SCHEMA_NAME, '\`;') FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN $OWN_SCHEMAS" | client "$to"

mapfile -t schemas < <(on "$from" "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN $OWN_SCHEMAS")
((${#schemas[@]} > 0)) || die "$from holds nothing to copy"
hold "$from"
without_sessions transfer &
transferring=$!
for ((tenth = 0; tenth < LOCK_SECONDS * 10; tenth++)); do
  if [[ -e $WORK/begun ]]; then break; else sleep 0.1; fi
done
copied=$(tell hold "$executed")
let_go
[[ -e $WORK/begun ]] || die "mysqldump has not begun within $LOCK_SECONDS s, for which writes waited: run it again when $from is less busy"
log "the copy is of one moment; writes go on"
wait $transferring || die "not copied whole: run it again"
carry_accounts
close_copy # also for those who have just come

overlook "$to" "$copied"
note from "$from"
note state copied
log "copied. Next: Step=follow, within the $KEPT_HOURS h that binary logs are kept"
