import type { Fault } from "../faults";

export const RELEASE_FAULTS: readonly Fault[] = [
  {
    says: "a release looks at nothing before it stops what served",
    file: "templates/app/release.sh",
    patches: [
      ["  await_ready\n", ""],
      ["  watch_live\n", ""],
    ],
    phase: "releases/unhealthy",
    promise: "everywhere",
  },
  {
    says: "a release that fails leaves what it has begun",
    file: "templates/app/release.sh",
    patches: [["  trap take_back EXIT\n", ""]],
    phase: "releases/behind-nginx",
    promise: "left",
  },
  {
    says: "the content of a JAR is not looked at",
    file: "templates/app/release.sh",
    patches: [['is_jar "$jar.part" >/dev/null 2>&1 || refuse 4 "is not a JAR"', "true"]],
    phase: "releases/no-jar",
    promise: "says",
  },
  {
    says: "a release takes the lock whoever holds it",
    file: "plan/release-document.ts",
    patches: [["Overwrite: false", "Overwrite: true"]],
    phase: "releases/two-at-once",
    promise: "one",
  },
  {
    says: "the servers that had the new version keep it when the next one fails",
    file: "plan/release-document.ts",
    patches: [
      ['onFailure: "step:takeBack",\n        onCancel', 'onFailure: "step:unlockAfterFailure",\n        onCancel'],
    ],
    phase: "releases/second-server",
    promise: "everywhere",
  },
  {
    says: "where nothing was released before, what failed is what is there",
    file: "plan/release-document.ts",
    patches: [["back {{ Version }}", "current"]],
    phase: "releases/first",
    promise: "everywhere",
  },
  {
    says: "a server of a fleet stops its app as soon as the group ends it",
    file: "templates/app/fleet.sh",
    patches: [['sleep "${BILLYBULLY_PAUSE:-$DEREGISTRATION_SECONDS}"\n', ""]],
    phase: "fleet/terminated",
    promise: "finishes",
  },
  {
    says: "a server of a fleet goes into service whatever became of it",
    file: "templates/machine/bootstrap.sh",
    patches: [["$([[ $1 == 0 ]] && echo CONTINUE || echo ABANDON)", "CONTINUE"]],
    phase: "fleet/abandoned",
    promise: "abandons",
  },
  {
    says: "a server of a fleet takes itself for one that serves already",
    file: "templates/app/fleet.sh",
    patches: [['end_hook launching "$2" Pending', 'end_hook launching "$2" InService']],
    phase: "fleet/launched",
    promise: "serves",
  },
];
