#!/usr/bin/env bash
# The app goes from the side that it uses to the other one. Sourced, never run.
set -euo pipefail

MOST_BEHIND=5 # seconds for which writes may wait for the other side to have everything
HANG_UP_SECONDS=11 # names are kept for 5 s by the resolver and 1 s by the JVM; well after that nobody comes back to the old side

# Both names in one change, at once: the app cannot wait for an up.
turn_names() {
  local targets=("$OWN_NAME" "$READERS_NAME") changes
  if [[ $1 == aurora ]]; then targets=("$AURORA_HOST" "$AURORA_READER"); fi
  changes=$(upsert "$WRITER_NAME" "${targets[0]}")
  [[ -z $READER_NAME ]] || changes+=",$(upsert "$READER_NAME" "${targets[1]}")"
  retry 3 1 "the names" cli route53 change-resource-record-sets --hosted-zone-id "$ZONE_ID" --change-batch "{\"Changes\":[$changes]}" >/dev/null
}

upsert() {
  printf '{"Action":"UPSERT","ResourceRecordSet":{"Name":"%s","Type":"CNAME","TTL":5,"ResourceRecords":[{"Value":"%s"}]}}' "$1" "$2"
}

# Whatever ends this before the names have turned: the side that they lead to writes again. Where the other one was open already it is closed
# first, and what it took meanwhile comes back along the ring; none of that may take long.
reopen() {
  # shellcheck disable=SC2034 # client reads it
  local got BOUND=3
  [[ $MOVED == closing || $MOVED == half ]] || return 0
  log "takes everything back: $from goes on as before"
  if [[ $MOVED == half ]]; then
    close_side "$to" || log "$to cannot be closed"
    got=$(executed_on "$to") || log "$to cannot be asked what it took"
    has "$from" "$got" $MOST_BEHIND || log "$from may not have all that $to took"
  fi
  if open_side "$from"; then log "$from takes writes"; else log "$from cannot be opened: run this step again as soon as it answers"; fi
}

# move TO
move() {
  local began all
  to=$1 from=$(other "$1") MOVED=no
  [[ $(noted state) == following ]] || die "$to does not follow yet: Step=follow"
  trap reopen EXIT
  has "$to" "$(executed_on "$from")" $MOST_BEHIND || die "$to is more than $MOST_BEHIND s behind, so writes would wait too long: Step=status"
  follows "$from" || die "$from does not follow $to, so there would be no way back: Step=follow"

  began=${EPOCHREALTIME/./} MOVED=closing
  close_side "$from" || die "$from cannot be closed: a transaction does not end"
  all=$(executed_on "$from")
  has "$to" "$all" $MOST_BEHIND || die "$to has not got everything within $MOST_BEHIND s"
  MOVED=half
  open_side "$to" || die "$to cannot be opened"
  turn_names "$to" || die "the names cannot be turned"
  MOVED=yes
  note "closed-$from" "$(date -u +%FT%T)"
  log "the app uses $to. Nobody could write for $(((${EPOCHREALTIME/./} - began) / 1000)) ms, and for at most 10 s more who still had the old name"
  for ((second = 0; second < HANG_UP_SECONDS; second++)); do hang_up "$from" && sleep 1; done
  log "Next, before anything else is deployed: pulumi config set --path database.active $to && pulumi up. It changes the state and nothing else"
}
