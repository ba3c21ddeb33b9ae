#!/usr/bin/env bash
# Rules and unit of a NAT instance. Safe to run again. Its logs stay on it: on half a gigabyte of memory the agent has no place.
set -euo pipefail
. "$(dirname "$0")/../machine/lib.sh"

packages nftables
place "$OPT/nat/nat.nft" /etc/billybully/nat.nft
sed -i "s#NETWORK_CIDR#$NETWORK_CIDR#g" "$ROOT/etc/billybully/nat.nft"
nft -c -f "$ROOT/etc/billybully/nat.nft" || die "nft refuses the rules for $NETWORK_CIDR"
place "$OPT/nat/sysctl.conf" /etc/billybully/nat-sysctl.conf
place "$OPT/nat/billybully-nat.service" /etc/systemd/system/billybully-nat.service
systemctl daemon-reload
systemctl enable billybully-nat
systemctl restart billybully-nat
touch "$STATE/setup-done"
