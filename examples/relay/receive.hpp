#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config.hpp"

// HTTP server: reads requests, passes their bodies to a handler, and sends its answers.
namespace relay {

/// A complete request that passed all HTTP and authentication checks.
struct Received {
    std::string method;
    std::string target;  ///< path and query
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

struct Answer {
    unsigned status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// Handles one request; must call `reply` once, from any thread, now or later.
using Reply = std::function<void(Answer)>;
using Handler = std::function<void(Received, Reply)>;

/// Counters for the metrics; written by the server's thread, read by any thread.
struct ReceiveCounts {
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> open{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> refused{0};  ///< rejected before the handler was called
};

/// An HTTP/1.1 server with its own thread. Runs until stop().
class Server {
 public:
    /// Binds all listeners. Throws std::runtime_error with the address and the reason.
    /// Requests to `open_paths` reach the handler without the listener's authentication.
    Server(const std::vector<Listener>& listeners, const Limits& limits, std::vector<std::string> open_paths, Handler handler);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Stops accepting and waits for outstanding answers, at most two seconds.
    void stop();
    /// Reloads certificates, authentication and open paths; listeners with other addresses are unchanged. Returns the reason if a file
    /// cannot be read; then nothing has changed.
    [[nodiscard]] std::string reload(const std::vector<Listener>& listeners, std::vector<std::string> open_paths);

    /// The ports in order of the listeners; for port 0, the one that the system chose.
    [[nodiscard]] const std::vector<std::uint16_t>& ports() const;
    [[nodiscard]] const ReceiveCounts& counts() const;

 private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace relay
