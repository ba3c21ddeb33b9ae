#!/usr/bin/env bash
# Has the copy follow the side that the app uses, and that side follow the copy: a ring, so that after the cut-over there is a way back. May
# be run again, after trouble with either direction.
set -euo pipefail
. "$(dirname "$0")/common.sh"

LOOK_SECONDS=10

begin_step
from=$(active)
to=$(other "$from")
case $(noted state) in
  copied)
    [[ $from == "$(noted from)" ]] || die "the app has gone to $from since the copy was made: nothing done"
    # What the copy did of its own account, being loaded. The app has never written there, so nothing of it is worth anything here. Asked in
    # this order, because it is about to get all that the other one has.
    own=$(executed_on "$to")
    overlook "$from" "$(subtract "$own" "$(executed_on "$from")")"
    note state following
    ;;
  following) ;;
  *) die "nothing has been copied by this machine: Step=copy" ;;
esac

forget compared
for side in "$to" "$from"; do
  stop_following "$side"
  start_following "$side"
  until has "$side" "$(executed_on "$(other "$side")")" $LOOK_SECONDS; do
    follows "$side" || die "$side does not follow any more: $(trouble_of "$side")"
    log "$side is $(replica "$side" Seconds_Behind_Source) s behind"
  done
  log "$side follows, and has all that the other side had $LOOK_SECONDS s ago or less"
done
log "Next: Step=compare"
