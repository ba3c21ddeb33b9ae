#!/usr/bin/env bash
# release.sh install VERSION | back VERSION | current | restart | status. What is live goes on until the next one has proved itself.
# Status: 2 wrong use, 3 JAR not to be had, 4 not a JAR, 5 not ready, 6 failed behind nginx, 7 another release does not end.
set -euo pipefail
. "$(dirname "$0")/../machine/lib.sh"

READY_SECONDS=${BILLYBULLY_READY_SECONDS:-180} # a JVM needs 40 s on a busy small server, and shares it with the old one
READY_TIMES=3
WATCH_SECONDS=5
KEEP_JARS=3

# In nginx's order: while both files exist, green is live.
live_slot() {
  local slot
  for slot in green blue; do
    if [[ -e $STATE/live/$slot ]]; then echo "$slot" && return; fi
  done
}
version_in() { if [[ -n $1 ]]; then basename "$(readlink "$STATE/slots/$1.jar")" .jar; fi; }
address_of() { if [[ $1 == blue ]]; then echo 127.0.0.1; else echo 127.0.0.2; fi; }
environment_of() { cat "$SETTINGS" && printf 'SERVER_ADDRESS=%s\nSERVER_PORT=8080\n' "$(address_of "$1")"; }

# systemd asks for this. A slot keeps the environment it proved itself with: a crash must not start it with one that nobody has tried.
keep_environment() (
  [[ ! -e $RUN/app-$1.env ]] || exit 0
  [[ -e $SETTINGS ]] || fetch_settings || die "slot $1: the settings cannot be had"
  umask 077
  environment_of "$1" >"$RUN/app-$1.env.new"
  mv "$RUN/app-$1.env.new" "$RUN/app-$1.env"
)

refuse() {
  STATUS=$1 die "version $version: $2; ${serving:-no other version} still serves"
}

is_jar() { [[ $(head -c 4 "$1" | od -An -tx1) == ' 50 4b 03 04' ]] && unzip -tqq "$1" META-INF/MANIFEST.MF; }

fetch_jar() {
  if [[ -s $jar ]]; then touch "$jar" && return; fi
  local from=s3://$ARTIFACT_BUCKET/releases/$version.jar
  retry 5 3 "$from" cli s3 cp --only-show-errors "$from" "$jar.part" || refuse 3 "cannot be had from $from"
  is_jar "$jar.part" >/dev/null 2>&1 || refuse 4 "is not a JAR"
  mv "$jar.part" "$jar"
}

await_ready() {
  local end=$((SECONDS + READY_SECONDS)) times=0
  until ((times == READY_TIMES)); do
    ((SECONDS < end)) || refuse 5 "not ready within $READY_SECONDS s, see $LOGS/app-$new.log"
    systemctl is-active --quiet "billybully-app@$new" || refuse 5 "ended by itself, see $LOGS/app-$new.log"
    if healthy "$(address_of "$new"):8080"; then times=$((times + 1)); else times=0; fi
    sleep 1
  done
}

watch_live() {
  local second
  for ((second = 0; second < WATCH_SECONDS; second++)); do
    sleep 1
    healthy 127.0.0.1 || { sleep 1 && healthy 127.0.0.1; } || refuse 6 "fails behind nginx"
  done
}

# Runs however the script ends before the new slot has proved itself.
take_back() {
  if [[ -n $old ]]; then touch "$STATE/live/$old"; fi
  rm -f "$STATE/live/$new" "$jar.part"
  systemctl disable --now "billybully-app@$new" || true
  rm -f "$STATE/slots/$new.jar" "$RUN/app-$new.env"
  [[ $serving == "$version" ]] || rm -f "$jar"
}

is_live() { [[ $serving == "$version" ]] && cmp -s "$RUN/app-$old.env" <(environment_of "$old") && healthy "$(address_of "$old"):8080"; }

install() {
  version=$1 jar=$STATE/releases/$1.jar old=$(live_slot) new=blue
  serving=$(version_in "$old")
  if [[ ${2:-} != again ]] && is_live; then log "version $version is live already" && return; fi
  if [[ $old == blue ]]; then new=green; fi

  trap take_back EXIT
  trap 'exit 143' TERM INT HUP
  systemctl stop "billybully-app@$new"
  fetch_jar
  ln -sfn "../releases/$version.jar" "$STATE/slots/$new.jar"
  rm -f "$RUN/app-$new.env"
  systemctl start "billybully-app@$new" || refuse 5 "cannot be started, see $LOGS/app-$new.log"
  await_ready
  # In this order a power cut at any point leaves a live slot that the next boot starts.
  systemctl enable "billybully-app@$new"
  touch "$STATE/live/$new"
  if [[ -n $old ]]; then rm -f "$STATE/live/$old"; fi
  watch_live
  trap - EXIT

  log "version $version is live in slot $new, before it ${serving:-nothing}"
  if [[ -n $old ]]; then systemctl disable --now "billybully-app@$old" || log "slot $old did not stop by itself"; fi
  find "$STATE/releases" -name '*.jar' -printf '%T@ %p\n' | sort -rn | tail -n +$((KEEP_JARS + 1)) | cut -d ' ' -f 2- | xargs -r rm -f
}

recorded_release() {
  retry 5 3 "release $RELEASE_PARAMETER" cli ssm get-parameter --name "$RELEASE_PARAMETER" --query Parameter.Value ||
    die "cannot tell the current release; what runs goes on as it is"
}

# What new servers install; where nobody has recorded a release, what is here, with the settings of now, or else the placeholder.
current() {
  local wanted
  wanted=$(recorded_release)
  if [[ $wanted == none ]]; then wanted=$(version_in "$(live_slot)"); fi
  if [[ -n $wanted ]]; then install "$wanted"; else touch "$STATE/live/placeholder"; fi
}

# From a release that failed on some server to what was there before, which after the very first one is the placeholder.
back() {
  local slot recorded
  slot=$(live_slot)
  recorded=$(recorded_release)
  if [[ $recorded != none || $(version_in "$slot") != "$1" ]]; then
    current
    return
  fi
  touch "$STATE/live/placeholder"
  rm -f "$STATE/live/$slot"
  systemctl disable --now "billybully-app@$slot" || log "slot $slot did not stop by itself"
  rm -f "$STATE/slots/$slot.jar" "$RUN/app-$slot.env" "$STATE/releases/$1.jar"
  log "version $1 is taken back; before it there was none"
}

case ${1:-} in
  install | back | current | restart)
    [[ $1 != install && $1 != back || ${2:-} =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$ ]] || STATUS=2 die "not a version: ${2:-}"
    begin
    [[ -e $SETTINGS ]] || fetch_settings || die "the settings cannot be had; what runs goes on as it is"
    ;;&
  install) install "$2" ;;
  back) back "$2" ;;
  current) current ;;
  restart) if [[ -n $(live_slot) ]]; then install "$(version_in "$(live_slot)")" again; fi ;;
  status) if [[ -n $(live_slot) ]]; then echo "$(live_slot) $(version_in "$(live_slot)")"; else echo none; fi ;;
  environment) keep_environment "$2" ;;
  *) STATUS=2 die "usage: release.sh install VERSION | back VERSION | current | restart | status" ;;
esac
