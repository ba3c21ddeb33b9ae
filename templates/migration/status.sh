#!/usr/bin/env bash
# Where the app is, how each side stands, and what was done. Changes nothing.
set -euo pipefail
. "$(dirname "$0")/common.sh"

begin_step
echo "the app uses $(active)"
for side in self-managed aurora; do
  state=$(is_open "$side" && echo open || echo closed)
  if [[ -z $(replica "$side" Source_Host) ]]; then
    echo "$side: $state, follows nobody"
  elif follows "$side"; then
    echo "$side: $state, follows the other side, $(replica "$side" Seconds_Behind_Source) s behind"
  else
    echo "$side: $state, DOES NOT FOLLOW the other side: $(trouble_of "$side")"
  fi
done
echo "copied from: $(noted from | grep . || echo nothing yet); state: $(noted state | grep . || echo none); last compared: $(noted compared | grep . || echo never)"
