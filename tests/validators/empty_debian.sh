#!/bin/bash
# Try the README's two commands, make and make test, in empty Debians: debootstrap, python3, make, this checkout,
# and nothing else. Then prove that nothing was fetched or installed that the lock does not hold.
# Needs root, debootstrap and this machine's apt sources; takes this machine's way to PyPI along.
# Usage: tests/validators/empty_debian.sh [--keep] [SUITE ...]   (all of SUITES unless named)
set -euo pipefail
TIMEFORMAT="(%R s)"
SUITES=(bookworm trixie) # the stable release and the one before it
cd "$(dirname "$0")/../.."

keep=
[ "${1-}" != --keep ] || { keep=1; shift; }
[ $# -gt 0 ] || set -- "${SUITES[@]}"
mirror=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Identifier: Packages' |
    awk '$1 == "Debian" { print $2; exit }')
root=

leave() { # unmount, and remove unless asked to keep
    [ -n "$root" ] || return 0
    umount "$root/proc" "$root/dev/shm" "$root/dev/pts" 2>/dev/null || true
    if [ -n "$keep" ]; then echo "Kept: $root"; else rm -rf "$root"; fi
    root=
}
trap leave EXIT

inside() { # a login with nothing of this one but its way to the package index (a job in the background ignores Ctrl-C)
    mapfile -t index < <(env | grep -E '^(PIP_((EXTRA_)?INDEX_URL|DEFAULT_TIMEOUT)|https?_proxy)=')
    chroot "$root" /usr/bin/env -i --default-signal=INT PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        PIP_CERT=/authorities.pem PIP_LOG=/pip.log "${index[@]}" /bin/sh -ec "cd /srv/chapbook; $1"
}

fetched() { # the files that any pip fetched, those that a builder started too
    inside 'sed -n "s/.*Downloading \(link \)\?\([^ ]*\).*/\2/p" /pip.log | sed "s/#.*//; s/.metadata$//; s|.*/||" | sort -u'
}

try() { # the suite $1
    echo "== An empty Debian $1"
    root=$(mktemp -d)
    mkdir -p "$root/srv/chapbook"
    debootstrap --variant=minbase "$1" "$root" "$mirror" >"$root.log" 2>&1 || { tail "$root.log"; exit 1; }
    rm "$root.log"
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    cp -L "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$root/authorities.pem"
    [ ! -e /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/"
    mount -t proc proc "$root/proc"
    mkdir -p "$root/dev/shm" "$root/dev/pts"
    mount -t tmpfs tmpfs "$root/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
    inside 'apt-get update && apt-get install -y --no-install-recommends python3 make' >"$root/tmp/apt.log" 2>&1 ||
        { tail "$root/tmp/apt.log"; exit 1; }
    git ls-files -z --cached --others --exclude-standard | tar -c --null -T - | tar -x -C "$root/srv/chapbook"
    inside 'python3 --version; ! python3 -c "import ensurepip" 2>/dev/null; ! ldconfig -p | grep pango'

    echo "== $1: make"
    time inside make
    inside 'ls -l build && .venv/bin/python .ci/installed.py --compare && .venv/bin/python -m pip check'

    echo "== $1: make again"
    time inside make

    echo "== $1: nothing was fetched but what the lock holds; so many files:"
    fetched | tee "$root/fetched" | wc -l
    inside '.venv/bin/python .ci/installed.py --files $(cat /fetched)'

    echo "== $1: without a builder in the lock, make stops and fetches none"
    inside 'cp .ci/requirements.txt whole
        .venv/bin/python -m pip uninstall -q -y setuptools-scm bagit
        .venv/bin/python -m pip cache remove -q bagit
        awk "/^[a-z]/ { keep = !/^setuptools-scm==/ } keep" whole >.ci/requirements.txt'
    ! inside make || { echo "make went on"; exit 1; }
    fetched | diff "$root/fetched" -
    inside 'mv whole .ci/requirements.txt; touch .ci/requirements.txt; make'

    echo "== $1: make test"
    time inside 'make test'
    leave
}

for suite; do try "$suite"; done
