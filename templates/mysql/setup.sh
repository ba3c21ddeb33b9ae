#!/usr/bin/env bash
# Packages, volume, configuration and units of a MySQL machine. Safe to run again. Starts no server: apply.sh knows which one it is.
set -euo pipefail
. "$(dirname "$0")/common.sh"

place "$OPT/mysql/mysql.repo" /etc/yum.repos.d/mysql-8.4.repo
packages 'mysql-community-server-8.4.*' xfsprogs amazon-cloudwatch-agent logrotate

place "$OPT/mysql/my.cnf" /etc/my.cnf
place "$OPT/mysql/mysqld-unit.conf" /etc/systemd/system/mysqld.service.d/billybully.conf
place "$OPT/mysql/billybully-guard.service" /etc/systemd/system/billybully-guard.service
place "$OPT/mysql/billybully-guard.timer" /etc/systemd/system/billybully-guard.timer
mkdir -p "$ROOT/etc/my.cnf.d"
touch "$LOGS/mysql-error.log" "$LOGS/mysql-slow.log"
chown mysql:mysql "$LOGS/mysql-error.log" "$LOGS/mysql-slow.log"

fetch_settings || die "the settings cannot be had"
"$OPT/mysql/volume.sh"
keep_logs
systemctl enable --now billybully-guard.timer
touch "$STATE/setup-done"
