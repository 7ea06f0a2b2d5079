#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "alertmap/request.hpp"
#include "alertmap/version.hpp"

// HTTP client: libcurl's multi interface on its own thread, so that slow, hanging or unresolvable vendors do not delay others.
namespace relay {

/// Result of a request.
struct Sent {
    std::uint64_t id = 0;
    int status = 0;                 ///< 0: no answer
    bool may_have_arrived = false;  ///< without an answer: whether the request may have reached the vendor
    std::string body;               ///< answer's body, up to the limit
    std::int64_t retry_after_seconds = 0;
    double seconds = 0;  ///< duration
    std::string error;   ///< libcurl's text; contains no URL or header
};

struct SendLimits {
    std::int64_t connect_seconds = 10;
    std::int64_t total_seconds = 30;
    std::size_t answer_bytes = 64u << 10;
};

/// Reuses connections, follows no redirects, verifies certificates and host names, uses proxies from the environment.
class Sender {
 public:
    /// `done` is called once per request, on the sender's thread.
    Sender(SendLimits limits, std::function<void(Sent)> done);
    /// Aborts requests in flight and reports them as unanswered.
    ~Sender();
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    /// Sends asynchronously. Thread-safe. `answer_bytes`: limit of this answer; 0: default.
    void send(std::uint64_t id, alertmap::Request request, std::size_t answer_bytes = 0);

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace relay
