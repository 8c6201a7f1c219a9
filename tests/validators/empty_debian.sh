#!/bin/bash
# Try the README's first command in an empty Debian: debootstrap, python3, make, this checkout, nothing else.
# Needs root, debootstrap and this machine's apt sources; takes this machine's way to PyPI along.
# Usage: tests/validators/empty_debian.sh [FOLDER]   (a temporary one, removed at the end, unless named)
set -euo pipefail
TIMEFORMAT="(%R s)"
cd "$(dirname "$0")/../.."

suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(CODENAME) $(LABEL) $(REPO_URI)' 'Identifier: Packages' |
    awk -v suite="$suite" '$1 == suite && $2 == "Debian" { print $3; exit }')
root=${1:-$(mktemp -d)}
mkdir -p "$root"
unmount() { umount "$root/proc" 2>/dev/null || true; }
if [ $# -eq 0 ]; then trap 'unmount; rm -rf "$root"' EXIT; else trap unmount EXIT; fi

inside() { # a login with nothing of this one's environment but its way to the package index
    mapfile -t index < <(env | grep -E '^(PIP_((EXTRA_)?INDEX_URL|DEFAULT_TIMEOUT)|https?_proxy)=')
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        PIP_CERT=/authorities.pem "${index[@]}" /bin/sh -ec "$1"
}

echo "== An empty Debian $suite"
debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1 || { tail "$root.log"; exit 1; }
rm "$root.log"
cp /etc/resolv.conf "$root/etc/"
cp -L "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$root/authorities.pem"
[ ! -e /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/"
mount -t proc proc "$root/proc"
inside 'apt-get update && apt-get install -y --no-install-recommends python3 make' >"$root/tmp/apt.log" 2>&1 ||
    { tail "$root/tmp/apt.log"; exit 1; }

echo "== A copy of this checkout's files, and make"
mkdir -p "$root/srv/chapbook"
git ls-files -z --cached --others --exclude-standard | tar -c --null -T - | tar -x -C "$root/srv/chapbook"
inside 'python3 --version; ! python3 -c "import ensurepip" 2>/dev/null; ! ldconfig -p | grep pango'
time inside 'cd /srv/chapbook && make'

echo "== A second make"
time inside 'cd /srv/chapbook && make && ls -l build'
