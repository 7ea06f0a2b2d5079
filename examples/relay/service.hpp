#pragma once

#include <memory>
#include <string>

#include "config.hpp"
#include "receive.hpp"
#include "store.hpp"

// The loop around the ledgers: bodies and answers go in, rows to store and requests to send come out.
namespace relay {

/// One thread owns parser, mappers, ledgers and store. Each turn of its loop takes all that is waiting, commits it in one transaction,
/// and only then answers the senders and sends the requests.
class Service {
 public:
    /// Reads the stored state. Throws std::runtime_error.
    explicit Service(Config config);
    /// Stops as stop() does.
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// Takes a request. From any thread; the reply comes from the service's thread.
    void handle(Received received, Reply reply);

    /// Takes another configuration with the next turn; open incidents of destinations of the same name go on.
    void reload(Config config);

    /// The counts of the server, for /metrics. Must live as long as the service.
    void show(const ReceiveCounts& counts);

    /// Finishes what was received, stores everything, and ends. Requests without an answer count as unknown at the next start.
    void stop();

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace relay
