#!/usr/bin/env bash
# Gets what the tests like to have: a session bus and a keyring, for `login --remember`. Without the
# right to install them the tests that need them say that they skip.
set -euo pipefail

missing=()
command -v dbus-daemon >/dev/null || missing+=(dbus)
command -v gnome-keyring-daemon >/dev/null || missing+=(gnome-keyring)
[ ${#missing[@]} -gt 0 ] || exit 0
command -v apt-get >/dev/null || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || exit 0
    as_root=(sudo -n)
fi
install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null 2>&1
}
install || { "${as_root[@]}" apt-get update -qq >/dev/null 2>&1 && install; } ||
    echo "could not install ${missing[*]}: the tests of the keyring will be skipped"
