#!/usr/bin/env bash
# Makes a new machine what its role says. cloud-init runs it once in a machine's life; run again it changes nothing.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# A fleet takes a server in only when it serves, and replaces one that cannot.
report() {
  log "bootstrap of $ROLE ended with status $1"
  [[ ${FLEET:-no} != yes ]] || "$OPT/app/fleet.sh" launched "$([[ $1 == 0 ]] && echo CONTINUE || echo ABANDON)"
}
trap 'report $?' EXIT

alone
"$OPT/$ROLE/setup.sh"
"$OPT/$ROLE/apply.sh"
