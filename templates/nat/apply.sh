#!/usr/bin/env bash
# There are no settings: only answers whether the machine is the way out, and mends it where it is not. Status 0: it is.
set -euo pipefail
. "$(dirname "$0")/../machine/lib.sh"

in_force() {
  [[ $(sysctl -n net.ipv4.ip_forward) == 1 ]] &&
    nft list chain ip billybully postrouting | grep "ip saddr $NETWORK_CIDR .*masquerade" >/dev/null
}

begin
in_force 2>/dev/null || systemctl restart billybully-nat || true
in_force || die "no way out: forwarding is off, or the rules are not in force"
log "way out of $NETWORK_CIDR"
