#!/usr/bin/env bash
# Makes nginx agree with APP_SERVERS. Reloads only when they changed: a reload costs idle clients their connection. Status 0: it serves.
set -euo pipefail
. "$(dirname "$0")/../machine/lib.sh"

MOST_SERVERS=9 # nginx follows a request through at most ten turns

# upstream NAME all|FIRST FAILURES: with FIRST, the others are asked only when it cannot be reached. After so many FAILURES (0: never) a
# server is left alone.
upstream() {
  local address
  printf 'upstream %s {\n  zone billybully 512k;\n' "$1"
  for address in "${servers[@]}"; do
    printf '  server %s:80 max_fails=%s fail_timeout=5s%s;\n' "$address" "$3" "$([[ $2 == all || $2 == "$address" ]] || echo ' backup')"
  done
  printf '  keepalive 128;\n  keepalive_timeout 30s;\n}\n'
}

# turn NUMBER NEXT
turn() { printf 'location @from_%s {\n  error_page 570 = @%s;\n  proxy_pass http://from_%s;\n}\n' "$1" "$2" "$1"; }

render() {
  local number next
  upstream servers all 1 >"$1/servers.conf"
  upstream anyone all 0 >>"$1/servers.conf"
  : >"$1/turns.conf"
  for ((number = 1; number <= ${#servers[@]}; number++)); do
    next=from_$((number + 1))
    if ((number == ${#servers[@]})); then next=nobody; fi
    upstream "from_$number" "${servers[number - 1]}" 1 >>"$1/servers.conf"
    turn "$number" "$next" >>"$1/turns.conf"
  done
}

same() { cmp -s "$1/nginx.conf" "$2/nginx.conf" && cmp -s "$1/servers.conf" "$2/servers.conf" && cmp -s "$1/turns.conf" "$2/turns.conf"; }

begin
fetch_settings || die "the settings cannot be had; nginx goes on as it is"
# shellcheck source=/dev/null
. "$SETTINGS"
read -ra servers <<<"$APP_SERVERS"
((${#servers[@]} > 0 && ${#servers[@]} <= MOST_SERVERS)) || die "APP_SERVERS has to name 1 to $MOST_SERVERS servers: $APP_SERVERS"

next=$STATE/nginx.new
rm -rf "$next"
mkdir -p "$next"
place "$OPT/balancer/nginx.conf" "${next#"$ROOT"}/nginx.conf"
render "$next"
nginx -t -q -c "$next/nginx.conf" || die "nginx refuses the configuration for: $APP_SERVERS; it goes on with the one before"

if ! same "$next" "$STATE/nginx"; then
  cp "$next"/*.conf "$ROOT/etc/nginx/"
  systemctl enable nginx
  systemctl reload-or-restart nginx
  rm -rf "$STATE/nginx"
  cp -r "$next" "$STATE/nginx"
  log "balances: $APP_SERVERS"
fi
rm -rf "$next"
systemctl start nginx
retry 10 2 nginx curl -sSf -o /dev/null -m 3 http://127.0.0.1:8079/balancer-health || die "nginx does not answer"
retry 30 2 "the servers behind nginx" healthy 127.0.0.1 || die "no healthy answer from any of: $APP_SERVERS"
