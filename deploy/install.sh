#!/bin/sh
# Installs the archive on a bare Debian 12 or newer, or brings an installed one up to date. As root:
#
#   deploy/install.sh dist/portal_archive-*.whl [archive.example.org]
#
# Makes the user portal-archive, its folder and an environment with the program, writes portal-archive.toml where there
# is none, and starts timers and reading room where systemd runs. No setting and no archive that is there is changed.
set -eu

readonly home=/srv/portal-archive user=portal-archive
die() {
    echo "install.sh: $*" >&2
    exit 1
}

[ "$#" -ge 1 ] && [ "$#" -le 2 ] || die "say: install.sh WHEEL [HOST]"
[ "$(id -u)" = 0 ] || die "only root may"
[ -f "$1" ] || die "$1: no such file; 'make release' makes the wheel"
wheel=$(readlink -f "$1")
host=${2:-}
deploy=$(cd "$(dirname "$0")" && pwd)
pins=$deploy/../requirements.txt
as_user() { (cd "$home" && runuser -u "$user" -- "$@"); }

missing=
for package in python3-venv adduser ca-certificates logrotate; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
if [ -n "$missing" ]; then
    apt-get update -qq
    # shellcheck disable=SC2086  # several names
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

id "$user" >/dev/null 2>&1 || adduser --system --group --home "$home" --quiet "$user"
install -d -o "$user" -g "$user" -m 750 "$home" /var/backups/portal-archive
# The program is root's: what runs it cannot change it.
[ -x "$home/.venv/bin/python" ] || python3 -m venv "$home/.venv"
if [ -f "$pins" ]; then
    "$home/.venv/bin/python" -m pip install --quiet --require-hashes -r "$pins"
    "$home/.venv/bin/python" -m pip install --quiet --no-deps --force-reinstall "$wheel"
else
    "$home/.venv/bin/python" -m pip install --quiet --upgrade "$wheel"
fi
as_user .venv/bin/portal-archive init

cp -r "$deploy/systemd/." /etc/systemd/system/
[ -z "$host" ] || sed -i "s/archive\.example\.org/$host/" /etc/systemd/system/portal-archive-web.service
cp "$deploy/logrotate" /etc/logrotate.d/portal-archive
[ -e /etc/portal-archive.env ] || install -m 600 /dev/null /etc/portal-archive.env

if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    timers=$(cd "$deploy/systemd" && echo *.timer)
    # shellcheck disable=SC2086  # several names
    systemctl enable --quiet --now $timers portal-archive-web.service
    systemctl restart portal-archive-web.service
else
    echo "systemd does not run here: start the timers later, or use deploy/crontab"
fi
cat <<END
$("$home/.venv/bin/python" -m pip list --format freeze | grep '^portal-archive==') is in $home.
Next: write 'contact' into $home/portal-archive.toml, and whom to tell into /etc/portal-archive.env (docs/operations.md);
then: cd $home && runuser -u $user -- .venv/bin/portal-archive crawl laichau
END
