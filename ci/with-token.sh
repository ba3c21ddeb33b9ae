#!/usr/bin/env bash
# Runs a command as an AWS role, with the job's own token and nothing that is kept. AWS's SDKs exchange the token themselves, as often as
# they need to while it is valid: as long as the job. usage: ci/with-token.sh COMMAND...
# Environment: AWS_ROLE_ARN, the role; AWS_ID_TOKEN, a token for sts.amazonaws.com; CI_JOB_ID, for CloudTrail.
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: ci/with-token.sh COMMAND..." >&2; exit 2; }
[[ ${AWS_ROLE_ARN:-} == arn:aws:iam::* ]] || {
  echo "AWS_ROLE_ARN is no role: a variable of docs/ci.md, \"Set up once\", is missing, or is not for this job's branch or environment" >&2
  exit 1
}
[ -n "${AWS_ID_TOKEN:-}" ] || { echo "AWS_ID_TOKEN is empty: the job has no id_tokens" >&2; exit 1; }
token=$(mktemp)
trap 'rm -f "$token"' EXIT
printf '%s' "$AWS_ID_TOKEN" >"$token"
unset AWS_ID_TOKEN
export AWS_WEB_IDENTITY_TOKEN_FILE=$token AWS_ROLE_SESSION_NAME=gitlab-${CI_JOB_ID:-0}
"$@"
