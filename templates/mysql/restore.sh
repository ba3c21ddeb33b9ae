#!/usr/bin/env bash
# restore.sh VOLUME_ID: puts the data of a volume that was made from a snapshot, and is attached, in the place of the writer's. What the writer
# had stays beside it as data.before-restore. Readers have what the snapshot has not: reseed.sh on each of them.
set -euo pipefail
. "$(dirname "$0")/common.sh"

bytes_of() { du -s --block-size=1 "$1" | cut -f 1; }

alone
load_settings
[[ $(recorded_role) == writer ]] || die "this server is no writer: $(recorded_role)"
[[ -n ${1:-} && $1 != "$VOLUME_ID" ]] || STATUS=2 die "usage: restore.sh VOLUME_ID, of the volume that was made from a snapshot"
[[ ! -e $DATA.before-restore ]] || die "$DATA.before-restore is of an earlier restore: move it away first"

from=$RUN/restore
mkdir -p "$from"
await 60 test -e "$(device_of "$1")" || die "volume $1 is not attached"
# It carries the identity of the volume that it is a copy of.
mount -o nouuid,noatime "$(device_of "$1")" "$from" || die "volume $1 cannot be mounted"
trap 'umount "$from"' EXIT
[[ -d $from/data ]] || die "volume $1 holds no database"
(($(df --output=avail --block-size=1 "$VOLUME" | tail -n 1) > $(bytes_of "$from/data") * 11 / 10)) ||
  die "both databases do not fit on volume $VOLUME_ID: raise database.volumeGiB and pulumi up first"

log "copies the data of volume $1; the server goes on"
rm -rf "$DATA.restoring"
cp -a "$from/data" "$DATA.restoring"
# With the old identity it would number its transactions as before, and a reader would take them for those that it has.
rm -f "$DATA.restoring/auto.cnf"
sync -f "$DATA.restoring"
# A snapshot of a reader knows whom it followed, and mysqld would follow again and replay what is to be undone.
echo skip_replica_start=ON >>"$ROOT/etc/my.cnf.d/billybully.cnf"
systemctl stop mysqld
mv "$DATA" "$DATA.before-restore"
mv "$DATA.restoring" "$DATA"
start_mysql
sql 'STOP REPLICA; RESET REPLICA ALL; RESET PERSIST IF EXISTS super_read_only'
sed -i '$d' "$ROOT/etc/my.cnf.d/billybully.cnf"
"$OPT/mysql/guard.sh"
log "$("$OPT/mysql/health.sh"). When all is well: rm -rf $DATA.before-restore, detach volume $1, and reseed.sh on each reader"
