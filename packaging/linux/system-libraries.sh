#!/bin/sh
# Makes sure the system libraries that Qt needs are here. On Debian and Ubuntu they are installed
# with apt where that is allowed; otherwise one sentence names what is missing.
#   system-libraries.sh run     what the program needs
#   system-libraries.sh test    that, and what the tests use (virtual screen, Secret Service, judges)
set -u

want="${1:-run}"
[ "$(uname -s)" = Linux ] || exit 0

libraries="libEGL.so.1:libegl1 libGL.so.1:libgl1 libglib-2.0.so.0:libglib2.0-0 \
libfontconfig.so.1:libfontconfig1 libfreetype.so.6:libfreetype6 libdbus-1.so.3:libdbus-1-3 \
libxkbcommon.so.0:libxkbcommon0 libX11.so.6:libx11-6 libxcb-cursor.so.0:libxcb-cursor0 \
libxcb-icccm.so.4:libxcb-icccm4 libxcb-image.so.0:libxcb-image0 libxcb-keysyms.so.1:libxcb-keysyms1 \
libxcb-randr.so.0:libxcb-randr0 libxcb-render-util.so.0:libxcb-render-util0 libxcb-shape.so.0:libxcb-shape0 \
libxcb-xkb.so.1:libxcb-xkb1 libxkbcommon-x11.so.0:libxkbcommon-x11-0 libX11-xcb.so.1:libx11-xcb1 \
libnss3.so:libnss3 libnspr4.so:libnspr4 libasound.so.2:libasound2 libgbm.so.1:libgbm1 libdrm.so.2:libdrm2 \
libXcomposite.so.1:libxcomposite1 libXdamage.so.1:libxdamage1 libXrandr.so.2:libxrandr2 \
libXrender.so.1:libxrender1 libXtst.so.6:libxtst6 libxkbfile.so.1:libxkbfile1 libXext.so.6:libxext6 \
libXfixes.so.3:libxfixes3 libgssapi_krb5.so.2:libgssapi-krb5-2 libudev.so.1:libudev1"
tools="Xvfb:xvfb xauth:xauth xdotool:xdotool dbus-run-session:dbus gnome-keyring-daemon:gnome-keyring \
pdftotext:poppler-utils xmlsec1:xmlsec1 fc-list:fontconfig"

PATH="$PATH:/usr/sbin:/sbin"
known="$(ldconfig -p 2>/dev/null)"
missing=""
for pair in $libraries; do
  printf '%s\n' "$known" | grep -q -F "${pair%%:*} " || missing="$missing ${pair##*:}"
done
if [ "$want" = test ]; then
  for pair in $tools; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
  done
fi
[ -n "$missing" ] || exit 0

if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then
    as_root=""
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
  else
    as_root=none
  fi
  if [ "$as_root" != none ]; then
    $as_root apt-get update -q >/dev/null 2>&1
    names=""
    for name in $missing; do
      # Since the 64-bit time change some libraries carry a t64 name (libasound2t64, libglib2.0-0t64).
      if apt-cache show "${name}t64" >/dev/null 2>&1; then name="${name}t64"; fi
      names="$names $name"
    done
    echo "installing:$names"
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $names >/dev/null && exit 0
    echo "apt could not install:$names" >&2
    exit 1
  fi
fi
if [ "$want" = test ] && sh "$0" run >/dev/null 2>&1; then
  echo "Some tools of the tests are missing (the tests that need them will say so):$missing" >&2
  exit 0
fi
echo "These system libraries are missing; please install them and start again:$missing" >&2
echo "On Debian or Ubuntu:  sudo apt-get install -y --no-install-recommends$missing" >&2
exit 1
