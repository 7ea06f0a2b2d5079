#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config.hpp"

// The HTTP side: reads requests, hands their bodies on, and answers when told to.
namespace relay {

/// A whole request that passed every check of HTTP and of the listener's authentication.
struct Received {
    std::string method;
    std::string target;  ///< the path with its query
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

struct Answer {
    unsigned status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// Takes one request; calls `reply` once, from any thread, now or later.
using Reply = std::function<void(Answer)>;
using Handler = std::function<void(Received, Reply)>;

/// Counts for the metrics. Written by the server's thread, read by any.
struct ReceiveCounts {
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> open{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> refused{0};  ///< answered with an error before the handler saw them
};

/// An HTTP/1.1 server on a thread of its own. Serves until stop().
class Server {
 public:
    /// Binds all listeners. Throws std::runtime_error with the address and the reason.
    /// Requests to `open_paths` reach the handler without the listener's authentication.
    Server(const std::vector<Listener>& listeners, const Limits& limits, std::vector<std::string> open_paths, Handler handler);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Stops accepting; requests whose answers are outstanding are answered. Returns after at most two seconds.
    void stop();
    /// Reads the certificates again and takes the new authentication and open paths; listeners with another address stay as they were.
    /// The reason if a file cannot be read: then nothing has changed.
    [[nodiscard]] std::string reload(const std::vector<Listener>& listeners, std::vector<std::string> open_paths);

    /// The ports in the order of the listeners: where 0 was asked for, the one that the system chose.
    [[nodiscard]] const std::vector<std::uint16_t>& ports() const;
    [[nodiscard]] const ReceiveCounts& counts() const;

 private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace relay
