#!/usr/bin/env bash
# Sessions that outlive a statement, for what has to hold still on a side. Sourced, never run.
set -euo pipefail

MARK=end-of-answer
LOCK_SECONDS=2 # longest time for which anybody's write waits; the app gives up after three
declare -A IN OUT

# Of what goes on in the background: it would keep a session alive, and its locks, when the script has let it go or is gone.
without_sessions() {
  local fd
  for fd in "${IN[@]}" "${OUT[@]}"; do exec {fd}>&-; done
  "$@"
}

# open_session NAME SIDE
open_session() {
  local in out
  mkfifo "$WORK/$1.in" "$WORK/$1.out"
  BOUND=0 without_sessions client "$2" -NBr --unbuffered --force <"$WORK/$1.in" >"$WORK/$1.out" 2>&1 &
  exec {in}>"$WORK/$1.in" {out}<"$WORK/$1.out"
  rm "$WORK/$1.in" "$WORK/$1.out"
  IN[$1]=$in OUT[$1]=$out
  tell "$1" "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET SESSION time_zone = '+00:00', group_concat_max_len = 1000000, lock_wait_timeout = $LOCK_SECONDS"
}

# tell NAME STATEMENTS [SECONDS]: prints the answer. Status 1: refused, or no answer; the words are in REFUSAL, and in the log.
tell() {
  local line
  REFUSAL=''
  printf "%s;\nSELECT '%s';\n" "$2" "$MARK" >&"${IN[$1]}"
  while IFS= read -r -t "${3:-30}" -u "${OUT[$1]}" line; do
    if [[ $line == "$MARK" ]]; then break; fi
    if [[ $line == ERROR\ * ]]; then REFUSAL=$line; else printf '%s\n' "$line"; fi
  done
  [[ $line == "$MARK" ]] || REFUSAL="no answer in ${3:-30} s"
  [[ -n $REFUSAL ]] || return 0
  log "$1: $REFUSAL"
  return 1
}

close_session() {
  local in=${IN[$1]} out=${OUT[$1]}
  exec {in}>&- {out}<&-
  unset "IN[$1]" "OUT[$1]"
}

# hold SIDE: lets nobody write there, in a session named hold, until it is closed. Not by FLUSH TABLES WITH READ LOCK, which RDS refuses.
# A transaction that is open for long makes it wait, and every write behind it, so it soon gives up and tries again later.
hold() {
  local tables try
  tables=$(on "$1" "SELECT CONCAT('\`', REPLACE(TABLE_SCHEMA, '\`', '\`\`'), '\`.\`', REPLACE(TABLE_NAME, '\`', '\`\`'), '\` READ')
    FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN $OWN_SCHEMAS AND TABLE_TYPE = 'BASE TABLE'" | paste -sd,)
  open_session hold "$1"
  HELD=${EPOCHREALTIME/./}
  [[ -n $tables ]] || return 0
  for ((try = 1; try <= 10; try++)); do
    HELD=${EPOCHREALTIME/./}
    if tell hold "LOCK TABLES $tables"; then return 0; fi
    sleep 3
  done
  die "the tables of $1 cannot be held still: $REFUSAL. A transaction is open for long: preflight names it"
}

let_go() {
  tell hold 'UNLOCK TABLES'
  close_session hold
  log "writes waited for $(((${EPOCHREALTIME/./} - HELD) / 1000)) ms"
}
