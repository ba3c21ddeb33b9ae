#!/usr/bin/env bash
# Parts the two sides, for good. The one that the app does not use may go then: after a snapshot of it, where the app has used it before.
set -euo pipefail
. "$(dirname "$0")/common.sh"

# Owner, state and time of the snapshot that was named.
snapshot_of() {
  if [[ $1 == aurora ]]; then
    cli rds describe-db-cluster-snapshots --db-cluster-snapshot-identifier "$SNAPSHOT" --query 'DBClusterSnapshots[0].[DBClusterIdentifier,Status,SnapshotCreateTime]'
  else
    cli ec2 describe-snapshots --snapshot-ids "$SNAPSHOT" --query 'Snapshots[0].[VolumeId,State,StartTime]'
  fi
}

begin_step
stays=$(active)
goes=$(other "$stays")
closed=$(noted "closed-$goes")
[[ -n $(noted state) ]] || die "nothing has been copied, so there is nothing to part"
! is_open "$goes" || die "$goes is open for writes: nothing done"

if [[ -n $closed ]]; then
  owner=$VOLUME_ID ready=completed
  if [[ $goes == aurora ]]; then owner=$AURORA_CLUSTER ready=available; fi
  [[ $SNAPSHOT != none ]] || die "the app has used $goes: make a snapshot of $owner first, and name it with Snapshot="
  read -r of state made < <(retry 3 2 "snapshot $SNAPSHOT" snapshot_of "$goes") || die "snapshot $SNAPSHOT cannot be found"
  [[ $of == "$owner" && $state == "$ready" && $made > $closed ]] ||
    die "snapshot $SNAPSHOT is of $of, $state, made $made; it has to be of $owner, $ready, and made after $closed, when $goes was closed"
fi

stop_following "$stays"
stop_following "$goes"
forget state compared from
note retired "$goes"
log "$goes may go, and nothing leads back to it. Next, in a change of its own: docs/migration.md, Retire"
