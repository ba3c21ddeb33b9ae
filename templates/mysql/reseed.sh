#!/usr/bin/env bash
# Throws away what this server has and copies the writer's data anew. For a reader that is broken or diverged, and for an old writer whose own
# transactions nobody wants. What only this server has is gone then: a snapshot of its volume keeps it.
set -euo pipefail
. "$(dirname "$0")/common.sh"

alone
fetch_settings || die "the settings cannot be had"
load_settings
[[ $SERVER_ID != "$PRIMARY_ID" ]] || die "by the settings this server is the writer: nothing done"
await 10 remote "$PRIMARY_HOST" 'DO 1' || die "$PRIMARY_HOST does not answer, so there is nothing to copy: nothing done"

systemctl stop mysqld
rm -rf "$DATA"
record_role seeding
"$OPT/mysql/apply.sh"
