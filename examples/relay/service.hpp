#pragma once

#include <memory>
#include <string>

#include "config.hpp"
#include "receive.hpp"
#include "store.hpp"

// The main loop: input are bodies and answers, output are rows to store and requests to send.
namespace relay {

/// One thread owns parser, mappers, ledgers and store. Each iteration processes all waiting input, commits it in one transaction, and then
/// answers the senders and sends the requests.
class Service {
 public:
    /// Loads the stored state. Throws std::runtime_error.
    explicit Service(Config config);
    /// Stops as stop() does.
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// Handles a request. Thread-safe; the reply is sent from the service's thread.
    void handle(Received received, Reply reply);

    /// Applies another configuration in the next iteration; destinations with unchanged names keep their open incidents.
    void reload(Config config);

    /// Registers the server's counters for /metrics. Thread-safe. They must outlive the service.
    void show(const ReceiveCounts& counts);

    /// Processes received requests, stores everything, and stops. Unanswered requests count as unknown after the next start.
    void stop();

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace relay
