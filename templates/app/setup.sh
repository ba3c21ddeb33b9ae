#!/usr/bin/env bash
# Packages, users, folders and units of an app server. Safe to run again.
set -euo pipefail
. "$(dirname "$0")/../machine/lib.sh"

packages nginx java-17-amazon-corretto-headless amazon-cloudwatch-agent logrotate unzip
id billybully >/dev/null 2>&1 || useradd --system --no-create-home --shell /sbin/nologin billybully
mkdir -p "$STATE/live" "$STATE/slots" "$STATE/releases" "$ROOT/etc/systemd/system/nginx.service.d"

for unit in "$OPT"/app/*.service; do place "$unit" "/etc/systemd/system/${unit##*/}"; done
# The distribution's unit gives nginx 5 s for its last requests.
printf '[Service]\nTimeoutStopSec=35\nRestart=on-failure\nLimitNOFILE=65536\n' >"$ROOT/etc/systemd/system/nginx.service.d/billybully.conf"
place "$OPT/app/nginx.conf" /etc/nginx/nginx.conf
cat >"$ROOT/etc/nginx/network.conf" <<EOF
set_real_ip_from $NETWORK_CIDR;
geo \$realip_remote_addr \$from_network {
  default 0;
  $NETWORK_CIDR 1;
}
EOF
nginx -t -q -c "$ROOT/etc/nginx/nginx.conf" || die "nginx refuses its configuration"
keep_logs

systemctl enable nginx billybully-leave
systemctl reload-or-restart nginx
systemctl start billybully-leave
if [[ $FLEET == yes ]]; then systemctl enable --now billybully-fleet; fi
touch "$STATE/setup-done"
