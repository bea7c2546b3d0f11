# Sourced by app/run and tests/run: installs what is missing, configures and builds preset `release`.
# shellcheck shell=bash

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
is_available() { [[ "$(LC_ALL=C apt-cache policy "$1" 2>/dev/null)" =~ Candidate:\ [^\(] ]]; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "There is no sudo here; as root, run: $*" >&2
    return 1
  fi
}

# Lines of app/packages ("a | b") of which neither the first that apt knows is installed nor one before it.
missing_packages() {
  local line package
  while read -r line; do
    for package in ${line//|/ }; do
      is_installed "$package" && continue 2
      is_available "$package" && break
    done
    echo "$line"
  done < <(grep -v '^#' "$root/app/packages")
}

# The first alternative of a line that apt knows, else the first.
choose_package() {
  local package
  for package in ${1//|/ }; do
    is_available "$package" && { echo "$package"; return; }
  done
  echo "${1%% *}"
}

install_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is not Debian: going on with what is installed (app/packages lists what is needed)." >&2
    return
  fi
  local missing packages=() line
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  as_root apt-get update --quiet --quiet
  while read -r line; do
    packages+=("$(choose_package "$line")")
  done <<<"$missing"
  echo "Installing ${packages[*]}" >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "${packages[@]}"
}

# build_release [cmake --build arguments]
build_release() {
  local options=()
  [ -z "${RNNSCOPE_WERROR:-}" ] || options+=("-DRNNSCOPE_WERROR=$RNNSCOPE_WERROR")
  [ -z "${RNNSCOPE_UNITY:-}" ] || options+=("-DRNNSCOPE_UNITY=$RNNSCOPE_UNITY")
  (cd "$root" && cmake --preset release "${options[@]}" && cmake --build --preset release "$@")
}
