#!/usr/bin/env bash
# What the scripts of all roles share. Sourced, never run.
# shellcheck disable=SC2034 # some names are only for the scripts that source this
set -euo pipefail
umask 022

ROOT=${BILLYBULLY_ROOT:-} # empty on a machine; a drill keeps a whole machine under one folder
OPT=$ROOT/opt/billybully
RUN=$ROOT/run/billybully
STATE=$ROOT/var/lib/billybully
LOGS=$ROOT/var/log/billybully
SETTINGS=$RUN/settings.env

mkdir -p "$RUN" "$STATE" "$LOGS"
# shellcheck source=/dev/null
. "$ROOT/etc/billybully/machine.env"
export AWS_DEFAULT_REGION=$REGION AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=2

log() { printf '%s %s: %s\n' "$(date -u +%FT%TZ)" "${0##*/}" "$*" | tee -a "$LOGS/machine.log" >&2; }

die() {
  log "FAILED: $*"
  exit "${STATUS:-1}"
}

# retry TIMES PAUSE WHAT COMMAND...: logs the last line of the command's errors.
retry() {
  local times=$1 pause=${BILLYBULLY_PAUSE:-$2} what=$3 try words
  shift 3
  for ((try = 1; ; try++)); do
    if words=$("$@" 2>&1 >&3); then return 0; fi
    log "$what: try $try of $times failed: ${words##*$'\n'}"
    ((try < times)) || return 1
    sleep "$pause"
  done
} 3>&1

# await SECONDS COMMAND...: asks every second, quietly.
await() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || return 1
    sleep 1
  done
}

# One bootstrap, apply or release at a time; what it starts runs under its lock.
alone() {
  [[ -z ${BILLYBULLY_ALONE:-} ]] || return 0
  exec 9>"$RUN/lock"
  flock -w "${BILLYBULLY_LOCK_SECONDS:-300}" 9 || STATUS=7 die "another bootstrap, apply or release does not end"
  export BILLYBULLY_ALONE=1
}

# Also mends a machine whose bootstrap was cut short.
begin() {
  alone
  [[ -e $STATE/setup-done ]] || "$OPT/$ROLE/setup.sh"
}

# Left alone, the CLI waits a minute for each answer.
cli() { aws --cli-connect-timeout 5 --cli-read-timeout 20 --output text "$@" </dev/null; }

escape() { sed 's/[\\"`$]/\\&/g'; }

# The settings with their secrets, as KEY="value" lines that bash and systemd read alike. Replaced whole or not at all.
fetch_settings() (
  [[ -n $SETTINGS_PARAMETER ]] || exit 0
  next=$(mktemp "$SETTINGS.XXXXXX") || exit 1
  trap 'rm -f "$next"' EXIT
  text=$(retry 5 3 "settings $SETTINGS_PARAMETER" cli ssm get-parameter --name "$SETTINGS_PARAMETER" --query Parameter.Value) || exit 1
  while IFS= read -r line; do
    [[ -n $line ]] || continue
    key=${line%%=*} value=${line#*=}
    [[ $line =~ ^[A-Za-z_][A-Za-z0-9_]*= ]] || die "settings $SETTINGS_PARAMETER: not KEY=value: ${key:0:40}"
    if [[ $value == secretsmanager:* ]]; then
      value=$(retry 5 3 "secret for $key" cli secretsmanager get-secret-value --secret-id "${value#*:}" --query SecretString) || exit 1
    fi
    printf '%s="%s"\n' "$key" "$(escape <<<"$value")"
  done <<<"$text" >"$next"
  mv "$next" "$SETTINGS"
)

# For five minutes: the NAT instance of a new stack, and with it the way to the repositories, comes up at the same time.
packages() { retry 20 15 "packages $*" dnf -y -q --setopt=install_weak_deps=False install "$@" >/dev/null || die "packages cannot be installed: $*"; }

# place FILE TARGET: in one step, so that nobody reads half a file.
place() {
  local target=$ROOT$2
  mkdir -p "${target%/*}"
  sed -E "s#(^|[[:space:]=:\"+-])/(etc|opt|run|var)/#\1$ROOT/\2/#g" "$1" >"$target.new"
  mv "$target.new" "$target"
}

# What nobody rotates fills the disk (at 2,000 requests a second within hours), what nobody ships dies with the machine. Neither is a
# reason not to serve.
keep_logs() {
  local timer=$ROOT/etc/systemd/system/logrotate.timer.d agent=/opt/aws/amazon-cloudwatch-agent
  place "$OPT/machine/logrotate.conf" /etc/logrotate.d/billybully
  mkdir -p "$timer"
  printf '[Timer]\nOnCalendar=\nOnCalendar=hourly\nRandomizedDelaySec=0\n' >"$timer/hourly.conf"
  systemctl daemon-reload
  systemctl enable logrotate.timer
  systemctl restart logrotate.timer
  place "$OPT/machine/logs.json" $agent/etc/billybully.json
  sed -i "s#LOG_GROUP#$LOG_GROUP#" "$ROOT$agent/etc/billybully.json"
  "$ROOT$agent/bin/amazon-cloudwatch-agent-ctl" -a fetch-config -m ec2 -s -c "file:$ROOT$agent/etc/billybully.json" >/dev/null ||
    log "logs are not shipped"
}

# healthy ADDRESS: the app's readiness probe there, or its plain health where it has no probes.
healthy() {
  local path code
  for path in /readiness ''; do
    code=$(curl -s -o /dev/null -m 3 -w '%{http_code}' "http://$1/actuator/health$path") || true
    [[ $code == 404 ]] || break
  done
  [[ $code == 200 ]]
}
