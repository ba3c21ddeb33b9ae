#!/usr/bin/env bash
# Looks for what would stop the move, and changes nothing. MEND has to be mended before anything is copied; NOTE is for a person to weigh.
# Status 0: nothing to mend.
set -euo pipefail
. "$(dirname "$0")/common.sh"

MB_A_SECOND=10 # of a load, statement by statement, on the smallest classes; measured by others, so a guess for any one stack
MOST_SECONDS=300 # for one question: a catalogue of many thousand tables is not in memory
TO_MEND=0

mend() { echo "MEND  $*" && TO_MEND=$((TO_MEND + 1)); }
note_that() { echo "NOTE  $*"; }

# each LEVEL WORDS QUERY: one finding a row, which stands where WORDS have a %.
each() {
  local rows row
  rows=$(BOUND=$MOST_SECONDS on "$from" "$3") || die "cannot be looked for: $2"
  while IFS= read -r row; do [[ -z $row ]] || "$1" "${2//%/$row}"; done <<<"$rows"
}

# variable SIDE NAME; nothing where it has none
variable() { on "$1" "$(query_of "$2")"; }

query_of() { echo "SELECT VARIABLE_VALUE FROM performance_schema.global_variables WHERE VARIABLE_NAME = '$1'"; }

# setting SIDE NAME WANTED: a variable that MySQL no longer has is as we want it for ever.
setting() {
  local value
  value=$(variable "$1" "$2")
  [[ -z $value || $value == "$3" ]] || mend "$1: $2 is $value and has to be $3"
}

# alike LEVEL WHAT WHY QUERY
alike() {
  local here there
  here=$(on "$from" "$4")
  there=$(on "$to" "$4")
  [[ $here == "$there" ]] || "$1" "$2 is ${here:-empty} on $from and ${there:-empty} on $to: $3"
}

# alike_variable LEVEL NAME WHY
alike_variable() { alike "$@" "$(query_of "$2")"; }

[[ -n ${BEGUN:-} ]] || begin_step
from=$(active)
to=$(other "$from")
ours="TABLE_SCHEMA NOT IN $OWN_SCHEMAS"
echo "from $from ($(on "$from" 'SELECT @@version')) to $to ($(on "$to" 'SELECT @@version'))"

# --- Replication ---
for side in "$from" "$to"; do
  setting "$side" log_bin ON
  setting "$side" binlog_format ROW
  setting "$side" binlog_row_image FULL
  setting "$side" gtid_mode ON
  setting "$side" enforce_gtid_consistency ON
  setting "$side" auto_increment_increment 1
done
alike mend 'the series' 'a server follows only its own one, and the way back needs both ways' "SELECT SUBSTRING_INDEX(@@version, '.', 2)"
alike mend 'the time zone, in minutes,' 'NOW() would jump' 'SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), NOW())'
alike_variable mend lower_case_table_names 'names of tables would not be found'
alike_variable note_that sql_mode 'statements that pass on the one may fail on the other'
alike_variable note_that character_set_server 'new tables that name no character set get another one'
alike_variable note_that collation_server 'new tables that name no collation sort otherwise'
alike_variable note_that max_allowed_packet 'a row that the one takes may be too large for the other'

# --- Objects ---
each mend 'table % is not InnoDB: ALTER TABLE % ENGINE = InnoDB' \
  "SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES WHERE $ours AND TABLE_TYPE = 'BASE TABLE' AND ENGINE <> 'InnoDB'"
each mend 'table % has no primary key: changes of a row cannot be followed' \
  "SELECT CONCAT(t.TABLE_SCHEMA, '.', t.TABLE_NAME) FROM information_schema.TABLES t LEFT JOIN information_schema.TABLE_CONSTRAINTS c
   ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME AND c.CONSTRAINT_TYPE = 'PRIMARY KEY'
   WHERE t.$ours AND t.TABLE_TYPE = 'BASE TABLE' AND c.CONSTRAINT_NAME IS NULL"
each mend 'table % is compressed, encrypted by MySQL or in a tablespace of its own, none of which Aurora has: ALTER TABLE % ROW_FORMAT = DYNAMIC' \
  "SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES WHERE $ours AND TABLE_TYPE = 'BASE TABLE'
   AND (ROW_FORMAT = 'Compressed' OR CREATE_OPTIONS REGEXP 'compression|encryption=|tablespace|key_block_size')"
each mend 'foreign key % refers to no unique key: its table cannot be made anew (restrict_fk_on_non_standard_key)' \
  "SELECT CONCAT(CONSTRAINT_SCHEMA, '.', CONSTRAINT_NAME) FROM information_schema.REFERENTIAL_CONSTRAINTS
   WHERE CONSTRAINT_SCHEMA NOT IN $OWN_SCHEMAS AND UNIQUE_CONSTRAINT_NAME IS NULL"
each mend "% would run on both sides: ALTER EVENT ... DISABLE as admin, and enable it after the cut-over" \
  "SELECT CONCAT('event ', EVENT_SCHEMA, '.', EVENT_NAME) FROM information_schema.EVENTS WHERE EVENT_SCHEMA NOT IN $OWN_SCHEMAS AND STATUS = 'ENABLED'"
each mend "% has a definer who is not there on the other side: make it anew as $APP_USER, whom both have" \
  "SELECT what FROM (
     SELECT CONCAT('view ', TABLE_SCHEMA, '.', TABLE_NAME) what, DEFINER FROM information_schema.VIEWS WHERE $ours
     UNION SELECT CONCAT('trigger ', TRIGGER_SCHEMA, '.', TRIGGER_NAME), DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA NOT IN $OWN_SCHEMAS
     UNION SELECT CONCAT('routine ', ROUTINE_SCHEMA, '.', ROUTINE_NAME), DEFINER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA NOT IN $OWN_SCHEMAS
     UNION SELECT CONCAT('event ', EVENT_SCHEMA, '.', EVENT_NAME), DEFINER FROM information_schema.EVENTS WHERE EVENT_SCHEMA NOT IN $OWN_SCHEMAS
   ) objects WHERE DEFINER NOT IN ('$APP_USER@%', 'admin@%')
   AND NOT EXISTS (SELECT 1 FROM mysql.user WHERE CONCAT(user, '@', host) = DEFINER AND NOT ($NOT_PEOPLE))"
each mend 'loadable function %: Aurora has none' 'SELECT name FROM mysql.func'
trusts=$(variable "$to" log_bin_trust_function_creators)
if [[ $trusts == OFF && $to == aurora ]]; then
  each mend '% cannot be made on Aurora without log_bin_trust_function_creators = 1 in the parameters of its cluster' \
    "SELECT CONCAT('trigger ', TRIGGER_SCHEMA, '.', TRIGGER_NAME) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA NOT IN $OWN_SCHEMAS
     UNION SELECT CONCAT('function ', ROUTINE_SCHEMA, '.', ROUTINE_NAME) FROM information_schema.ROUTINES
     WHERE ROUTINE_SCHEMA NOT IN $OWN_SCHEMAS AND ROUTINE_TYPE = 'FUNCTION'"
fi

# --- Accounts ---
each note_that 'account % comes along, with its password and its grants' \
  "SELECT CONCAT(user, '@', host) FROM mysql.user WHERE account_locked = 'N' AND user <> '$APP_USER' AND NOT ($NOT_PEOPLE)"
each mend 'account %, which nobody has on Aurora: REVOKE it' \
  "SELECT CONCAT(REPLACE(GRANTEE, '\'', ''), ' has ', PRIVILEGE_TYPE) FROM information_schema.USER_PRIVILEGES
   WHERE PRIVILEGE_TYPE IN ('SUPER', 'FILE', 'SHUTDOWN', 'CREATE TABLESPACE', 'SYSTEM_USER', 'SYSTEM_VARIABLES_ADMIN', 'BACKUP_ADMIN', 'CLONE_ADMIN')
   AND GRANTEE NOT REGEXP '^.(root|admin|replication|rds[a-z_]*|mysql[.][a-z]+).@'"

# --- Size, time and space ---
megabytes=$(on "$from" "SELECT COALESCE(ROUND(SUM(DATA_LENGTH + INDEX_LENGTH) / 1048576), 0) FROM information_schema.TABLES WHERE $ours")
hours=$((megabytes / MB_A_SECOND / 3600))
used=$(df --output=pcent "$VOLUME" | tail -n 1 | tr -dc 0-9)
free=$(($(df --output=avail --block-size=1048576 "$VOLUME" | tail -n 1)))
note_that "$megabytes MB in $(on "$from" "SELECT COUNT(*) FROM information_schema.TABLES WHERE $ours AND TABLE_TYPE = 'BASE TABLE'") tables: about $hours h and $((megabytes / MB_A_SECOND % 3600 / 60 + 1)) min to copy"
((used < 80)) || mend "volume $VOLUME_ID is $used % full; from 90 % on binary logs go that the other side still needs: raise database.volumeGiB"
((hours < 100)) || mend "too large to be copied within the week that binary logs are kept: Percona XtraBackup and S3 are the way, not these steps"
[[ $to == aurora ]] || ((megabytes * 3 / 2 < free)) || mend "volume $VOLUME_ID has $free MB free: raise database.volumeGiB to $((megabytes * 2 / 1024 + 10)) or more"
each note_that "transaction of connection % is open for more than ten minutes: copy and compare wait for it" \
  "SELECT trx_mysql_thread_id FROM information_schema.INNODB_TRX WHERE trx_started < NOW() - INTERVAL 10 MINUTE"

((TO_MEND == 0)) || die "$TO_MEND to mend before anything is copied"
log "nothing to mend"
