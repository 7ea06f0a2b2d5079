#!/usr/bin/env bash
# From nothing to payloads: installs what is missing (Debian, Ubuntu), builds a release, converts a real webhook body for each target.
#   examples/quickstart.sh          the library as a command
#   examples/quickstart.sh relay    the service: a real body goes in, and the request that a vendor gets is printed
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
echo "A body as Alertmanager posts it, with two alerts that fire and two that are resolved:"
show --check "$body"
echo
echo "One payload for each alert, as each target wants it:"
for target in $("$convert" --list-targets); do
    show --target "$target" --per alert --placeholders "$body"
done
echo
echo "The same as one message for the group, and as the whole HTTP request (secrets are masked):"
show --target rootly --per group --pretty "$body"
show --target signl4 --per group --request --option id=team-secret "$body"
echo
echo "The group itself, handed on to those who take Alertmanager's own message:"
show --forward grafana_oncall --request --option url=https://oncall.example.test/integrations/v1/alertmanager/token/ "$body"
echo
echo "Why \"resolved\" is not always resolved: max_alerts has cut three alerts off that still fire. Nothing is closed:"
show --target signl4 --preset signl4 tests/webhooks/alertmanager-0.25-trunc-hides-firing.02.json
