// Receives Alertmanager's webhooks on loopback, and prints or sends what follows from them.
//
//     relay --target signl4 --option id=team-secret --port 9094
//     curl --data-binary @tests/webhooks/alertmanager-0.25-mixed.02.json http://127.0.0.1:9094/
//
// It shows the order of things in a receiver: read, parse, queue, answer; and send from another thread. It is no HTTP server for
// a network: it listens on loopback only, serves one connection at a time, speaks no TLS, no keep-alive and no chunks, keeps its
// queue in memory, tries each request once, and sends repeats again. Put the middle of it into the server that you have.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "alertmap/alertmap.hpp"

namespace {

using namespace alertmap;

// ---- Sockets

class Socket {
 public:
    explicit Socket(int descriptor) : descriptor_(descriptor) {}
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    [[nodiscard]] bool valid() const { return descriptor_ >= 0; }
    [[nodiscard]] int get() const { return descriptor_; }

    /// Nobody may hold the thread for longer by saying nothing.
    void limit_waiting(int seconds) const {
        const timeval limit{seconds, 0};
        setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    }
    [[nodiscard]] bool write(std::string_view text) const {
        while (!text.empty()) {
            const ssize_t sent = send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    /// Appends what has come. False: the end, an error, or nothing for too long.
    [[nodiscard]] bool read(std::string& text) const {
        char chunk[1 << 14];
        const ssize_t got = recv(descriptor_, chunk, sizeof chunk, 0);
        if (got <= 0) return false;
        text.append(chunk, static_cast<std::size_t>(got));
        return true;
    }

 private:
    int descriptor_;
};

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

const sockaddr* generic(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// ---- Sending: plain http to loopback, which is enough to try it out

struct Place {
    std::uint16_t port;
    std::string path;
};

std::optional<Place> loopback_place(std::string_view url) {
    for (const std::string_view host : {"http://127.0.0.1:", "http://localhost:"}) {
        if (!url.starts_with(host)) continue;
        url.remove_prefix(host.size());
        const std::size_t slash = std::min(url.find('/'), url.size());
        const std::optional<std::uint16_t> port = number<std::uint16_t>(url.substr(0, slash));
        if (!port) return std::nullopt;
        return Place{*port, slash == url.size() ? "/" : std::string(url.substr(slash))};
    }
    return std::nullopt;
}

/// What became of it, for the log.
std::string send_now(const Request& request) {
    const std::optional<Place> place = loopback_place(request.url);
    if (!place) return "not sent: this example sends to http://127.0.0.1:<port> only";
    const Socket socket(::socket(AF_INET, SOCK_STREAM, 0));
    socket.limit_waiting(10);
    const sockaddr_in address = loopback(place->port);
    if (connect(socket.get(), generic(address), sizeof address) != 0) return "not sent: nobody listens there";

    std::string text = request.method + " " + place->path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
    for (const Header& header : request.headers) text += header.name + ": " + header.value + "\r\n";
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
    std::string answer;
    if (!socket.write(text)) return "not sent: the connection broke";
    while (answer.find("\r\n") == std::string::npos) {
        if (!socket.read(answer)) return "sent, but nobody answered";
    }
    return "answered: " + answer.substr(0, answer.find("\r\n"));
}

/// Requests wait here in the order of their events: a resolve must not overtake its trigger.
class Outbox {
 public:
    explicit Outbox(bool send) : send_(send), worker_([this] { work(); }) {}
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;
    /// What waits still goes out.
    ~Outbox() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        changed_.notify_one();
        worker_.join();
    }

    /// All of them or, where there is no room, none.
    [[nodiscard]] bool push(std::vector<Request>& requests) {
        {
            const std::lock_guard lock(mutex_);
            if (waiting_.size() + requests.size() > most) return false;
            std::move(requests.begin(), requests.end(), std::back_inserter(waiting_));
        }
        changed_.notify_one();
        return true;
    }

 private:
    static constexpr std::size_t most = 100'000;

    void work() {
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            const Request request = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            std::string text = to_string(request) + "\n";  // secrets are masked
            if (send_) text += send_now(request) + "\n";
            std::fwrite(text.data(), 1, text.size(), stdout);
            std::fflush(stdout);
            lock.lock();
        }
    }

    bool send_;
    bool closed_ = false;
    std::deque<Request> waiting_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::thread worker_;  // the last member: it uses the others
};

// ---- What an Alertmanager body becomes

class Relay {
 public:
    Relay(Mapping mapping, AnyTarget target, Outbox& outbox) : map_(std::move(mapping)), target_(std::move(target)), outbox_(outbox) {}

    struct Answer {
        std::string_view status;
        std::string text = {};
    };

    Answer take(std::string_view body) {
        const Result<AlertGroup> group = parser_.parse(body);
        if (!group) return {"400 Bad Request", to_string(group.error())};
        arena_.clear();
        requests_.clear();
        for (const Subject subject : subjects(*group, map_.per())) {
            const Event event = map_(subject, arena_);
            if (event.transition == Transition::ignore) continue;
            Result<Request> request = target_.request(event);
            if (request) {
                requests_.push_back(*std::move(request));
            } else if (!event.heartbeat) {  // few targets have a heartbeat to ping
                std::fprintf(stderr, "not written: %s\n", to_string(request.error()).c_str());
            }
        }
        // 5xx: Alertmanager keeps the group and comes again.
        if (!outbox_.push(requests_)) return {"503 Service Unavailable", "the queue is full"};
        return {"202 Accepted"};
    }

 private:
    Mapper map_;
    AnyTarget target_;
    Outbox& outbox_;
    Parser parser_;
    Arena arena_;
    std::vector<Request> requests_;
};

// ---- The little HTTP that Alertmanager needs

constexpr std::size_t largest_head = 1 << 16;

/// The value of a header; names compare without case.
std::string_view header(std::string_view head, std::string_view name) {
    while (true) {
        const std::size_t end = head.find("\r\n");
        if (end == std::string_view::npos) return {};
        head.remove_prefix(end + 2);
        const bool same = head.size() > name.size() && head[name.size()] == ':' &&
                          std::equal(name.begin(), name.end(), head.begin(), [](char a, char b) { return (a | 0x20) == (b | 0x20); });
        if (!same) continue;
        std::string_view value = head.substr(name.size() + 1, head.find("\r\n") - name.size() - 1);
        while (value.starts_with(' ')) value.remove_prefix(1);
        while (value.ends_with(' ')) value.remove_suffix(1);
        return value;
    }
}

Relay::Answer serve(const Socket& socket, Relay& relay, std::string& text) {
    std::size_t end = 0;
    text.clear();
    while ((end = text.find("\r\n\r\n")) == std::string::npos) {
        if (text.size() > largest_head) return {"431 Request Header Fields Too Large"};
        if (!socket.read(text)) return {"408 Request Timeout"};
    }
    const std::string_view head = std::string_view(text).substr(0, end + 2);
    // Never a redirect: Alertmanager would follow it with a GET without a body, and take that for delivery.
    if (!head.starts_with("POST ")) return {"405 Method Not Allowed"};
    const std::optional<std::size_t> length = number<std::size_t>(header(head, "Content-Length"));
    if (!length) return {"411 Length Required"};
    if (*length > ParseOptions{}.max_bytes) return {"413 Content Too Large"};
    if (header(head, "Expect") == "100-continue" && !socket.write("HTTP/1.1 100 Continue\r\n\r\n")) return {"408 Request Timeout"};
    const std::size_t first = end + 4;
    while (text.size() < first + *length) {
        if (!socket.read(text)) return {"408 Request Timeout"};
    }
    return relay.take(std::string_view(text).substr(first, *length));
}

void answer(const Socket& socket, const Relay::Answer& answer) {
    std::string text = "HTTP/1.1 ";
    text.append(answer.status).append("\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ");
    text.append(std::to_string(answer.text.size())).append("\r\n\r\n").append(answer.text);
    // Nobody to tell if it fails: Alertmanager will send the group again.
    if (!socket.write(text)) std::fputs("an answer did not arrive\n", stderr);
}

volatile std::sig_atomic_t stopped = 0;

void stop_on_signals() {
    struct sigaction action {};
    action.sa_handler = [](int) { stopped = 1; };  // without SA_RESTART: accept() returns
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

int wrong(std::string_view what, const Error& error) {
    std::fprintf(stderr, "relay: %s: %s\n", std::string(what).c_str(), to_string(error).c_str());
    return 2;
}

}  // namespace

int main(int count, char** arguments) {
    std::string name = "signl4";
    std::vector<std::string> flags;
    std::string preset = "recommended";
    std::uint16_t port = 9094;
    bool send = false;
    CLI::App app("Receives Alertmanager's webhooks on loopback, and prints the requests that follow from them.");
    app.add_option("--target", name, "target: see convert --list")->capture_default_str();
    app.add_option("--option", flags, "option of the target, KEY=VALUE; again for more");
    app.add_option("--preset", preset, "mapping preset: see convert --list")->capture_default_str();
    app.add_option("--port", port, "port on 127.0.0.1; 0: any that is free")->capture_default_str();
    app.add_flag("--send", send, "send the requests too, if their URL is http://127.0.0.1:<port>/...");
    CLI11_PARSE(app, count, arguments);

    const Result<std::vector<OptionValue>> options = parse_options(flags);
    if (!options) return wrong("--option", options.error());
    Result<AnyTarget> target = make_target(name, *options);
    if (!target) return wrong(name, target.error());
    Result<Mapping> mapping = find_preset(preset);
    if (!mapping) return wrong(preset, mapping.error());

    const Socket listener(socket(AF_INET, SOCK_STREAM, 0));
    const int yes = 1;
    setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address = loopback(port);
    socklen_t size = sizeof address;
    if (bind(listener.get(), generic(address), size) != 0 || listen(listener.get(), 128) != 0 ||
        getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        std::perror("relay");
        return 1;
    }
    std::fprintf(stderr, "listening on http://127.0.0.1:%d/\n", ntohs(address.sin_port));

    stop_on_signals();
    Outbox outbox(send);
    Relay relay(*std::move(mapping), *std::move(target), outbox);
    std::string text;
    while (stopped == 0) {
        const Socket connection(accept(listener.get(), nullptr, nullptr));
        if (!connection.valid()) continue;
        connection.limit_waiting(10);
        answer(connection, serve(connection, relay, text));
    }
    return 0;
}
