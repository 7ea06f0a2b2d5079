#!/usr/bin/env bash
# Installs missing dependencies (Debian, Ubuntu), builds a release, and converts a real webhook body for each target.
#   examples/quickstart.sh          the command convert
#   examples/quickstart.sh relay    the service: sends it a real body and prints the vendor's request
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. cmake/packages.sh

if [ "${1:-}" = relay ]; then
    need_packages "${build_packages[@]}" "${relay_packages[@]}"
    echo "Building into build/relay ..."
    cmake --preset relay >/dev/null
    cmake --build --preset relay
    exec python3 examples/relay/quickstart.py build/relay/examples/relay/alertmap-relay tests/webhooks/alertmanager-0.25-lifecycle.01.json
fi
need_packages "${build_packages[@]}"

echo "Building into build/release ..."
cmake --preset release -DALERTMAP_BUILD_TESTS=OFF -DALERTMAP_WARNINGS_AS_ERRORS=OFF >/dev/null
cmake --build --preset release

convert=build/release/examples/convert
show() {
    printf '\n$ %s\n' "$convert $*"
    "$convert" "$@"
}

body=tests/webhooks/alertmanager-0.25-mixed.02.json
echo
echo "A body from Alertmanager with two firing and two resolved alerts:"
show --check "$body"
echo
echo "One payload per alert, for each target:"
for target in $("$convert" --list-targets); do
    show --target "$target" --per alert --placeholders "$body"
done
echo
echo "One message for the group, and a complete HTTP request (secrets are masked):"
show --target rootly --per group --pretty "$body"
show --target signl4 --per group --request --option id=team-secret "$body"
echo
echo "The group itself, forwarded to a vendor that accepts Alertmanager's message:"
show --forward grafana_oncall --request --option url=https://oncall.example.test/integrations/v1/alertmanager/token/ "$body"
echo
echo "An unreliable \"resolved\": max_alerts dropped three firing alerts. Nothing is closed:"
show --target signl4 --preset signl4 tests/webhooks/alertmanager-0.25-trunc-hides-firing.02.json
