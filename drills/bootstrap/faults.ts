import type { Fault } from "../faults";

export const BOOTSTRAP_FAULTS: readonly Fault[] = [
  {
    says: "the data volume is mounted without nofail",
    file: "templates/mysql/volume.sh",
    patches: [["noatime,nofail,x-systemd", "noatime,x-systemd"]],
    phase: "bootstrap/volume-missing",
    promise: "boots",
  },
  {
    says: "mysqld starts wherever its volume is, and makes a database where it finds none",
    file: "templates/mysql/mysqld-unit.conf",
    patches: [
      ["AssertPathIsMountPoint=/var/lib/mysql\n", ""],
      ["ExecStartPre=\n", ""],
    ],
    phase: "bootstrap/volume-missing",
    promise: "empty",
  },
  {
    says: "what has no known file system is formatted, whatever it holds",
    file: "templates/mysql/volume.sh",
    patches: [['cmp -s -n 1048576 "$device" /dev/zero', "true"]],
    phase: "bootstrap/volume-foreign",
    promise: "foreign",
  },
  {
    says: "AWS is asked once",
    file: "templates/machine/lib.sh",
    patches: [["((try < times)) || return 1", "return 1"]],
    phase: "bootstrap/server-refused",
    promise: "bounded",
  },
  {
    says: "a script ends without a word",
    file: "templates/machine/lib.sh",
    patches: [[' >/dev/null || die "packages cannot be installed: $*"', " >/dev/null"]],
    phase: "bootstrap/server-refused",
    promise: "says",
  },
  {
    says: "nginx is started, and not enabled",
    file: "templates/app/setup.sh",
    patches: [["systemctl enable nginx billybully-leave", "systemctl enable billybully-leave"]],
    phase: "bootstrap/server",
    promise: "reboot",
  },
  {
    says: "the NAT instance forwards and does not masquerade",
    file: "templates/nat/nat.nft",
    patches: [["ip daddr != NETWORK_CIDR masquerade", "ip daddr != NETWORK_CIDR accept"]],
    phase: "bootstrap/nat",
    promise: "serves",
  },
];
