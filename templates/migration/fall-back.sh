#!/usr/bin/env bash
# The way back after a cut-over: the same with the sides exchanged. What was written since comes along.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/move.sh"

begin_step
alone # no apply.sh meanwhile
old=$(noted from)
[[ -n $old && $(active) != "$old" ]] || die "the app uses $(active), where it was before: nothing to fall back from"
move "$old"
