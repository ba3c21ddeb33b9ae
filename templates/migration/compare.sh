#!/usr/bin/env bash
# Compares every row of both sides as they are at one moment, while the app goes on. Writes wait until the other side has that moment, for two
# seconds at most; then one statement at a time reads on each side, and rests as long as it worked: half a core.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/sessions.sh"

ROWS_AT_ONCE=50000
STATEMENT_SECONDS=3600

begin_step
from=$(active)
to=$(other "$from")
[[ $(noted state) == following ]] || die "$to does not follow yet: Step=follow"
forget compared

# What a table is made of, the same text on both sides where it is the same: its columns, an expression in which no column runs into the next,
# and its key where that is one whole number. Last comes what may be empty: read takes two tabs for one. SHA2 and not MD5, which newer versions no longer have.
columns_of() {
  tell "$1" "SELECT CONCAT_WS(CHAR(9), c.TABLE_SCHEMA, c.TABLE_NAME,
    SHA2(GROUP_CONCAT(c.COLUMN_NAME, c.COLUMN_TYPE, COALESCE(c.COLLATION_NAME, '') ORDER BY c.ORDINAL_POSITION), 256),
    GROUP_CONCAT('COALESCE(SHA2(CAST(\`', REPLACE(c.COLUMN_NAME, '\`', '\`\`'), '\` AS BINARY), 256), 0)' ORDER BY c.ORDINAL_POSITION),
    COALESCE(MAX(k.COLUMN_NAME), ''))
    FROM information_schema.COLUMNS c JOIN information_schema.TABLES t USING (TABLE_SCHEMA, TABLE_NAME)
    LEFT JOIN (SELECT s.TABLE_SCHEMA, s.TABLE_NAME, MAX(s.COLUMN_NAME) COLUMN_NAME FROM information_schema.STATISTICS s
      JOIN information_schema.COLUMNS i USING (TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME)
      WHERE s.INDEX_NAME = 'PRIMARY' GROUP BY s.TABLE_SCHEMA, s.TABLE_NAME HAVING COUNT(*) = 1 AND MAX(i.DATA_TYPE) LIKE '%int') k
      ON k.TABLE_SCHEMA = c.TABLE_SCHEMA AND k.TABLE_NAME = c.TABLE_NAME
    WHERE t.TABLE_TYPE = 'BASE TABLE' AND c.TABLE_SCHEMA NOT IN $OWN_SCHEMAS GROUP BY c.TABLE_SCHEMA, c.TABLE_NAME ORDER BY 1"
}

name() { echo "\`${1//\`/\`\`}\`"; }

# digest SESSION TABLE EXPRESSION WHERE: number of rows, and a digest that the order of rows does not change
digest() {
  tell "$1" "SELECT COUNT(*), HEX(BIT_XOR(UNHEX(SHA2(CONCAT_WS(',', $3), 256)))) FROM $2 WHERE $4" $STATEMENT_SECONDS
}

# compare TABLE KEY EXPRESSION: in portions where the primary key is one whole number
compare() {
  local table=$1 key=$2 expression=$3 low='' high where here there rows=0 began
  while :; do
    high=''
    [[ -z $key ]] || high=$(tell here "SELECT $key FROM $table ${low:+WHERE $key > $low} ORDER BY $key LIMIT 1 OFFSET $((ROWS_AT_ONCE - 1))" $STATEMENT_SECONDS)
    where="1 ${low:+AND $key > $low} ${high:+AND $key <= $high}"
    began=${EPOCHREALTIME/./}
    here=$(digest here "$table" "$expression" "$where") || die "$table cannot be read on $from"
    there=$(digest there "$table" "$expression" "$where") || die "$table cannot be read on $to"
    [[ $here == "$there" ]] || { echo "DIFFERS $table WHERE $where: ${here%%$'\t'*} rows and ${there%%$'\t'*}" && return 1; }
    rows=$((rows + ${here%%$'\t'*}))
    [[ -n $high ]] || break
    low=$high
    sleep "$(awk -v us=$((${EPOCHREALTIME/./} - began)) 'BEGIN { print us / 1e6 }')"
  done
  echo "equal   $table, $rows rows"
}

hold "$from"
open_session here "$from"
open_session there "$to"
tell here 'START TRANSACTION WITH CONSISTENT SNAPSHOT' || die "$from: $REFUSAL"
moment=$(tell hold "$executed")
[[ $(tell there "SELECT WAIT_FOR_EXECUTED_GTID_SET('$moment', $LOCK_SECONDS)") == 0 ]] ||
  die "$to is more than $LOCK_SECONDS s behind, and writes cannot wait longer: again when it has caught up (Step=status)"
tell there 'START TRANSACTION WITH CONSISTENT SNAPSHOT' || die "$to: $REFUSAL"
let_go

differing=0
columns_of here >"$WORK/here" || die "$from does not say what its tables are made of: $REFUSAL"
columns_of there >"$WORK/there" || die "$to does not say what its tables are made of: $REFUSAL"
while IFS=$'\t' read -r schema table _; do
  echo "DIFFERS $schema.$table: another table, or none, on the other side" && differing=$((differing + 1))
done < <(comm -3 "$WORK/here" "$WORK/there" | sed 's/^\t//' | sort -u -t $'\t' -k 1,2)
while IFS=$'\t' read -r schema table _ expression key; do
  compare "$(name "$schema").$(name "$table")" "${key:+$(name "$key")}" "$expression" || differing=$((differing + 1))
done < <(comm -12 "$WORK/here" "$WORK/there")

((differing == 0)) || die "$differing tables differ. Copy again; if it comes back, somebody has written on $to"
note compared "$(date -u +%FT%T)"
log "$(wc -l <"$WORK/here") tables are equal, row by row. Next: Step=cut-over"
