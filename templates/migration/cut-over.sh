#!/usr/bin/env bash
# From the side that was copied to the copy. The side that is left is closed, and follows from then on.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/move.sh"

begin_step
alone # no apply.sh meanwhile
old=$(noted from)
[[ -n $old && $(active) == "$old" ]] || die "the app uses $(active), and the copy was made of ${old:-nothing}: nothing to cut over"
[[ -n $(noted compared) ]] || die "nobody has compared the two sides since they were copied: Step=compare"
move "$(other "$old")"
