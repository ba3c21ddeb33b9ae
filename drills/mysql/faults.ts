import type { Fault } from "../faults";

export const MYSQL_FAULTS: readonly Fault[] = [
  {
    says: "a server does not start closed",
    file: "templates/mysql/my.cnf",
    patches: [["super_read_only=ON\n", ""]],
    phase: "bootstrap/reader",
    promise: "serves",
  },
  {
    says: "a commit is acknowledged before a reader has it",
    file: "templates/mysql/my.cnf",
    patches: [["loose_rpl_semi_sync_source_enabled=ON", "loose_rpl_semi_sync_source_enabled=OFF"]],
    phase: "promotion/behind",
    promise: "kept",
  },
  {
    says: "a commit waits for a dead reader for ten seconds",
    file: "templates/mysql/my.cnf",
    patches: [["loose_rpl_semi_sync_source_timeout=1000", "loose_rpl_semi_sync_source_timeout=10000"]],
    phase: "replication/restarted",
    promise: "writes",
  },
  {
    says: "whichever reader is asked is promoted",
    file: "templates/mysql/promote.sh",
    patches: [["\nmost_advanced\n", "\n"]],
    phase: "promotion/behind",
    promise: "most",
  },
  {
    says: "a promotion leaves the writer's name where it was",
    file: "templates/mysql/promote.sh",
    patches: [["turn_writer || die", "true || die"]],
    phase: "promotion/handed-over",
    promise: "again",
  },
  {
    says: "a writer opens whatever the settings say",
    file: "templates/mysql/guard.sh",
    patches: [['[[ $SERVER_ID == "$PRIMARY_ID" ]] && ! fenced', "true"]],
    phase: "promotion/back",
    promise: "closed",
  },
  {
    says: "nobody looks whether a reader has diverged",
    file: "templates/mysql/common.sh",
    patches: [["[[ -n $extra ]] || return 0", "return 0"]],
    phase: "disk/snapshot",
    promise: "readers",
  },
  {
    says: "a restored database keeps the identity that it had",
    file: "templates/mysql/restore.sh",
    patches: [['rm -f "$DATA.restoring/auto.cnf"\n', ""]],
    phase: "disk/snapshot",
    promise: "readers",
  },
  {
    says: "a restored database follows whom the snapshot followed until it is told not to",
    file: "templates/mysql/restore.sh",
    patches: [["skip_replica_start=ON", "skip_replica_start=OFF"]],
    phase: "disk/snapshot",
    promise: "alone",
  },
  {
    says: "the guard lets the disk fill up",
    file: "templates/mysql/guard.sh",
    patches: [["FULL=97", "FULL=101"]],
    phase: "disk/full",
    promise: "at-once",
  },
];
