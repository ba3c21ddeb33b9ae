#!/usr/bin/env bash
# For a server in an Auto Scaling group. `launched CONTINUE|ABANDON` ends the hook `launching`; `watch` waits until the group ends the
# server, lets it finish its requests and ends the hook `terminating`.
set -euo pipefail
. "$(dirname "$0")/../machine/lib.sh"

# Deregistration delay of the load balancer (30 s) and the time until it begins: requests still come, and must be served.
DEREGISTRATION_SECONDS=40
IMDS=${BILLYBULLY_IMDS:-http://169.254.169.254}/latest

imds() {
  local token
  token=$(curl -sSf -m 2 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$IMDS/api/token") &&
    curl -sSf -m 2 -H "X-aws-ec2-metadata-token: $token" "$IMDS/meta-data/$1"
}

# end_hook HOOK RESULT STATE
end_hook() {
  local id found group state
  id=$(retry 5 3 'instance id' imds instance-id) || die "no instance metadata"
  found=$(retry 5 3 "group of $id" cli autoscaling describe-auto-scaling-instances --instance-ids "$id" \
    --query 'AutoScalingInstances[0].[AutoScalingGroupName,LifecycleState]') || die "cannot tell the group of $id"
  read -r group state <<<"$found"
  [[ $state == "$3"* ]] || { log "hook $1: $id is $state, nothing waits"; return; }
  # The group may begin to wait only after we know.
  retry 20 6 "hook $1" cli autoscaling complete-lifecycle-action --lifecycle-hook-name "$1" --auto-scaling-group-name "$group" \
    --instance-id "$id" --lifecycle-action-result "$2" || die "hook $1 of $group does not end; the group goes on when its time is up"
  log "hook $1 of $group: $2"
}

target() { imds autoscaling/target-lifecycle-state 2>/dev/null || true; }

case ${1:-} in
  launched) end_hook launching "$2" Pending ;;
  watch)
    until [[ $(target) == Terminated ]]; do sleep "${BILLYBULLY_PAUSE:-5}"; done
    log "the group ends this server"
    sleep "${BILLYBULLY_PAUSE:-$DEREGISTRATION_SECONDS}"
    touch "$RUN/leaving"
    systemctl stop billybully-app@blue billybully-app@green || log "the app did not stop by itself"
    end_hook terminating CONTINUE Terminating
    ;;
  *) STATUS=2 die "usage: fleet.sh launched CONTINUE|ABANDON | watch" ;;
esac
