#!/usr/bin/env bash
# Mounts the data volume, and takes what it has grown. A volume that holds anything at all is never formatted.
set -euo pipefail
. "$(dirname "$0")/common.sh"
load_settings

device=$(device_of "$VOLUME_ID")
FSTAB=$ROOT/etc/fstab

filesystem() {
  local type status=0
  type=$(blkid -p -o value -s TYPE "$device") || status=$?
  ((status == 0 || status == 2)) || die "volume $VOLUME_ID: blkid cannot tell what is on it (status $status)"
  echo "$type"
}

if ! mountpoint -q "$VOLUME"; then
  await 300 test -e "$device" || die "volume $VOLUME_ID is not attached"
  type=$(filesystem)
  if [[ -z $type ]]; then
    # A new volume reads as zeros. Anything else without a file system is something that we do not know.
    cmp -s -n 1048576 "$device" /dev/zero || die "volume $VOLUME_ID has no file system that we know, but is not empty: nothing done"
    log "volume $VOLUME_ID is new: makes a file system"
    mkfs.xfs -q "$device"
  elif [[ $type != xfs ]]; then
    die "volume $VOLUME_ID holds $type and not xfs: nothing done"
  fi
  uuid=$(blkid -p -o value -s UUID "$device")
  [[ -e $FSTAB ]] || : >"$FSTAB"
  # nofail: without its volume the machine still boots, and can be looked at.
  {
    awk -v at="$VOLUME" '$2 != at' "$FSTAB"
    echo "UUID=$uuid $VOLUME xfs defaults,noatime,nofail,x-systemd.device-timeout=30 0 2"
  } >"$FSTAB.new"
  mv "$FSTAB.new" "$FSTAB"
  systemctl daemon-reload
  mkdir -p "$VOLUME"
  mount -o noatime "$device" "$VOLUME" || die "volume $VOLUME_ID cannot be mounted"
  chown mysql:mysql "$VOLUME"
fi
grown=$(xfs_growfs -d "$VOLUME" 2>&1) || die "the file system does not take what volume $VOLUME_ID has grown: $grown"
