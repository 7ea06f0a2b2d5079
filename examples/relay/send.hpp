#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "alertmap/request.hpp"
#include "alertmap/version.hpp"

// The HTTP client: libcurl's multi interface on a thread of its own, so that no slow, hanging or unresolvable vendor delays another.
namespace relay {

/// How a request ended.
struct Sent {
    std::uint64_t id = 0;
    int status = 0;                 ///< 0: there was no answer
    bool may_have_arrived = false;  ///< without an answer: whether the request may have reached the vendor
    std::string body;               ///< of the answer, at most the limit
    std::int64_t retry_after_seconds = 0;
    double seconds = 0;  ///< that it took
    std::string error;   ///< libcurl's text; never a URL or a header
};

struct SendLimits {
    std::int64_t connect_seconds = 10;
    std::int64_t total_seconds = 30;
    std::size_t answer_bytes = 64u << 10;
};

/// Keeps connections alive, follows no redirect, verifies certificates and host names, takes proxies from the environment.
class Sender {
 public:
    /// `done` is called on the sender's thread, once for each request.
    Sender(SendLimits limits, std::function<void(Sent)> done);
    /// Requests that are under way are ended and reported as without an answer.
    ~Sender();
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    /// Sends soon. From any thread. `answer_bytes`: the limit for this answer; 0: the usual one.
    void send(std::uint64_t id, alertmap::Request request, std::size_t answer_bytes = 0);

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace relay
