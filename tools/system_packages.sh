#!/bin/sh
# Installs the Debian packages that wheels do not bring, when this is Debian (or Ubuntu) and we may; elsewhere says what is missing.
#
#   tools/system_packages.sh run    what the program needs: opencv links to libGL, glib and xcb, mediapipe to libEGL and libGLESv2
#   tools/system_packages.sh test   what the tests need besides: a virtual display and its keys, a browser, a voice, a PDF reader,
#                                   and a watcher of system calls (Linux)
set -eu

need=""
skipped=""

# want PACKAGE TEST... : PACKAGE is wanted when the command TEST fails
want() {
    package=$1
    shift
    if ! "$@" >/dev/null 2>&1; then
        need="$need $package"
    fi
}

has_library() { # NAME: whether the loader finds it
    { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -q "$1"
}

has_browser() {
    command -v chromium || command -v chromium-browser || command -v google-chrome
}

case "${1:-}" in
run)
    if [ "$(uname)" = Linux ]; then
        want libgl1 has_library libGL.so.1
        want libegl1 has_library libEGL.so.1
        want libgles2 has_library libGLESv2.so.2
        want libglib2.0-0 has_library libgthread-2.0.so.0
        want libxcb1 has_library libxcb.so.1
    fi
    if [ ! -x .venv/bin/python ]; then
        want python3-venv "${PYTHON:-python3}" -c 'import ensurepip, venv'
    fi
    ;;
test)
    want xvfb command -v Xvfb
    want chromium has_browser
    want espeak-ng command -v espeak-ng
    want xdotool command -v xdotool
    want poppler-utils command -v pdftotext
    if [ "$(uname)" = Linux ]; then
        want strace command -v strace
    fi
    ;;
*)
    echo "usage: $0 run|test" >&2
    exit 2
    ;;
esac

if [ -z "$need" ]; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Debian packages:$need"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # a list on purpose
    if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $need >/dev/null; }; then
        skipped=$need
    fi
else
    skipped=$need
fi
if [ -n "$skipped" ]; then
    if [ "$1" = test ]; then
        echo "Not here, so the tests that need them are skipped:$skipped"
    else
        echo "Not here:$skipped; if the program does not start, install them (Debian: apt install$skipped)" >&2
    fi
fi
