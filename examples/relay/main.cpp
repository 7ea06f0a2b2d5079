// alertmap-relay: receives Alertmanager's webhooks and keeps the incidents of on-call systems in sync with the firing alerts.
//
//     alertmap-relay --config relay.yml
//     alertmap-relay --config relay.yml --check-config
#include <fmt/format.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>

#include "config.hpp"
#include "log.hpp"
#include "receive.hpp"
#include "service.hpp"

int main(int count, char** arguments) {
    std::string path;
    bool check_only = false;
    CLI::App app("Alertmanager webhooks in, incidents of on-call systems out");
    app.add_option("-c,--config", path, "the configuration (YAML)")->required();
    app.add_flag("--check-config", check_only, "check the configuration, report its faults, and exit");
    app.set_version_flag("--version", "alertmap-relay " ALERTMAP_VERSION_STRING);
    CLI11_PARSE(app, count, arguments);

    const auto report = [&](const relay::Loaded& loaded) {
        for (const relay::Fault& fault : loaded.faults) fmt::print(stderr, "{}\n", relay::to_string(path, fault));
    };
    relay::Loaded loaded = relay::load(path);
    report(loaded);
    if (!loaded.config) return 1;
    if (check_only) {
        fmt::print("{}: {} listeners, {} routes, {} destinations\n", path, loaded.config->listeners.size(), loaded.config->routes.size(),
                   loaded.config->destinations.size());
        return 0;
    }

    // Each connection needs a descriptor.
    rlimit descriptors{};
    if (::getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
        descriptors.rlim_cur = descriptors.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &descriptors);
    }
    // Before threads start, so that they inherit the mask: only this thread handles signals.
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    try {
        const relay::Config config = *loaded.config;
        relay::Service service(config);
        relay::Server server(config.listeners, config.limits, open_paths(config),
                             [&](relay::Received received, relay::Reply reply) { service.handle(std::move(received), std::move(reply)); });
        service.show(server.counts());
        for (const std::uint16_t port : server.ports()) relay::log("info", "listening", {{"port", port}});

        while (true) {
            int signal = 0;
            sigwait(&signals, &signal);
            if (signal != SIGHUP) break;
            relay::Loaded fresh = relay::load(path);
            report(fresh);
            if (!fresh.config) {
                relay::log("error", "the configuration has faults: nothing has changed");
            } else if (const std::string why = server.reload(fresh.config->listeners, open_paths(*fresh.config)); !why.empty()) {
                relay::log("error", "nothing has changed", {{"reason", why}});
            } else {
                service.reload(std::move(*fresh.config));
                relay::log("info", "configuration reloaded");
            }
        }
        relay::log("info", "stopping");
        server.stop();
        service.stop();
        relay::log("info", "stopped");
        std::fflush(nullptr);
        // The name resolver of a hanging request may be running on a thread that cannot be stopped.
        _exit(0);
    } catch (const std::exception& error) {
        relay::log("error", "cannot start", {{"reason", error.what()}});
        return 1;
    }
}
