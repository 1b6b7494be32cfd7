#!/bin/bash
# install.sh PACKAGE…: as root; installs Debian packages of which none starts a service, now or at the next start of the machine.
set -eu

# Debian asks this program whether a package may start its service (invoke-rc.d(8), deb-systemd-invoke(1p)); 101 is no. It is gone
# when this ends, and one that is there already is left as it is.
POLICY=/usr/sbin/policy-rc.d
if [ ! -e "$POLICY" ]; then
    trap 'rm -f "$POLICY"' EXIT
    trap 'exit 1' INT TERM HUP
    printf '#!/bin/sh\nexit 101\n' >"$POLICY"
    chmod 755 "$POLICY"
fi

DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -q -y --no-install-recommends "$@"

# Some bring a service that would begin with the machine.
for service in nginx haproxy nats-server dovecot clamav-daemon clamav-freshclam; do
    [[ " $*" == *" $service"* ]] || continue
    ! command -v systemctl >/dev/null || systemctl --quiet disable "$service.service"
    [ ! -e "/etc/init.d/$service" ] || update-rc.d "$service" disable
done
