// Load test: alerts per second that the relay receives, stores and sends; with alertmap-relay, senders and a vendor on this machine.
//
//     relay_load RELAY [FOLDER]
//
// RELAY is the program, FOLDER the directory for its store (default: current directory). Prints the time of an fdatasync there, since each
// answer waits for one; then, for repeats and for new alerts, the maximum alerts per second, CPU per alert, and answer times at half of
// that rate. Everything shares the same CPUs.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t alerts_per_message = 50;
constexpr std::size_t senders = 16;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

[[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "relay_load: %s\n", why.c_str());
    std::exit(1);
}

int bound_socket(std::uint16_t& port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0) fail("no port");
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    return listener;
}

/// The size of a complete HTTP message at the start of `bytes`; 0: incomplete.
std::size_t message_size(std::string_view bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    const std::size_t at = bytes.substr(0, end).find("Content-Length: ");
    const std::size_t length = at == std::string_view::npos ? 0 : std::strtoull(bytes.data() + at + 16, nullptr, 10);
    return bytes.size() >= end + 4 + length ? end + 4 + length : 0;
}

/// A vendor that accepts everything.
class Sink {
 public:
    Sink() : listener_(bound_socket(port_)) {
        ::listen(listener_, 128);
        std::thread([this] {
            while (true) {
                const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
                if (connection >= 0) std::thread([this, connection] { serve(connection); }).detach();
            }
        }).detach();
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::size_t requests() const { return requests_; }

 private:
    void serve(int connection) {
        const int on = 1;
        ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        std::string input;
        std::array<char, 65536> block{};
        constexpr std::string_view answer = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}";
        while (true) {
            const ssize_t count = ::read(connection, block.data(), block.size());
            if (count <= 0) break;
            input.append(block.data(), static_cast<std::size_t>(count));
            while (const std::size_t size = message_size(input)) {
                input.erase(0, size);
                ++requests_;
                if (::write(connection, answer.data(), answer.size()) < 0) break;
            }
        }
        ::close(connection);
    }

    std::uint16_t port_ = 0;
    int listener_;
    std::atomic<std::size_t> requests_{0};
};

/// A message with new alerts, as Alertmanager writes it.
std::string message(std::size_t number) {
    std::string alerts;
    for (std::size_t i = 0; i < alerts_per_message; ++i) {
        const std::string id = std::to_string(number * alerts_per_message + i);
        char fingerprint[17];
        std::snprintf(fingerprint, sizeof fingerprint, "%016llx",
                      static_cast<unsigned long long>((number * alerts_per_message + i) * 0x9e3779b97f4a7c15u));
        if (i != 0) alerts += ',';
        alerts +=
            R"({"status":"firing","labels":{"alertname":"DiskAlmostFull","cluster":"eu-1","device":"/dev/sda1","instance":"n)" + id +
            R"(:9100","job":"node","severity":"critical","team":"storage"},"annotations":{"description":"Less than 5% left on n)" + id +
            R"(:9100","runbook_url":"https://runbooks.example.test/disk","summary":"Disk almost full on n)" + id +
            R"("},"startsAt":"2026-03-04T05:06:07.089Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prom.example.test:9090/graph","fingerprint":")" +
            fingerprint + "\"}";
    }
    const std::string body =
        R"({"receiver":"relay","status":"firing","alerts":[)" + alerts + R"(],"groupLabels":{"g":")" + std::to_string(number) +
        R"("},"commonLabels":{"alertname":"DiskAlmostFull"},"commonAnnotations":{},"externalURL":"http://am.example.test","version":"4","groupKey":"{}:{g=\")" +
        std::to_string(number) + R"(\"}","truncatedAlerts":0})";
    return "POST /alerts HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

int connect_to(std::uint16_t port) {
    const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        ::close(connection);
        return -1;
    }
    const int on = 1;
    ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return connection;
}

void post(int connection, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(connection, text.data(), text.size());
        if (count <= 0) fail("the relay closed the connection");
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    std::string answer;
    std::array<char, 4096> block{};
    while (message_size(answer) == 0) {
        const ssize_t count = ::read(connection, block.data(), block.size());
        if (count <= 0) fail("the relay does not answer");
        answer.append(block.data(), static_cast<std::size_t>(count));
    }
    if (answer.compare(9, 3, "202") != 0) fail("the relay answers " + answer.substr(9, 3));
}

struct Posted {
    double seconds = 0;
    std::vector<double> answers;  // seconds, sorted
    [[nodiscard]] double part(double p) const {
        return answers[static_cast<std::size_t>(static_cast<double>(answers.size() - 1) * p)] * 1000;
    }
};

/// Sends all messages over all connections; at most `per_second` per second (0: as fast as they are answered).
Posted post_all(std::uint16_t port, const std::vector<std::string>& messages, double per_second) {
    std::atomic<std::size_t> next{0};
    std::vector<std::vector<double>> times(senders);
    const auto start = Clock::now();
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < senders; ++i) {
        threads.emplace_back([&, i] {
            const int connection = connect_to(port);
            if (connection < 0) fail("no connection");
            for (std::size_t number = next++; number < messages.size(); number = next++) {
                auto due = Clock::now();
                if (per_second > 0) {
                    due = start + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(static_cast<double>(number) / per_second));
                    std::this_thread::sleep_until(due);
                }
                post(connection, messages[number]);
                times[i].push_back(seconds_since(due));  // measured from the due time, to include the wait for a free connection
            }
            ::close(connection);
        });
    }
    for (std::thread& thread : threads) thread.join();
    Posted posted;
    posted.seconds = seconds_since(start);
    for (const auto& some : times) posted.answers.insert(posted.answers.end(), some.begin(), some.end());
    std::sort(posted.answers.begin(), posted.answers.end());
    return posted;
}

class Relay {
 public:
    Relay(const char* program, const std::string& folder, std::uint16_t vendor) : folder_(folder) {
        ::close(bound_socket(port_));
        std::ofstream(folder + "/load.yml")
            << "listeners: [{address: 127.0.0.1, port: " << port_ << "}]\n"
            << "destinations:\n  - name: pager\n    target: pagerduty\n    rate: {requests: 1000000, seconds: 1}\n"
            << "    options: {routing_key: {env: LOAD_KEY}, url: \"http://127.0.0.1:" << vendor << "/v2/enqueue\"}\n"
            << "routes: [{name: all, path: /alerts, destinations: [pager]}]\nstore: load.db\ndead_letters: load-dead\n";
        process_ = ::fork();
        if (process_ == 0) {
            ::setenv("LOAD_KEY", "key", 1);
            const int nothing = ::open("/dev/null", O_WRONLY);
            ::dup2(nothing, 2);
            ::execl(program, program, "--config", (folder + "/load.yml").c_str(), nullptr);
            ::_exit(127);
        }
        for (int i = 0; i < 1000; ++i) {
            if (const int connection = connect_to(port_); connection >= 0) {
                ::close(connection);
                return;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        fail("the relay does not start");
    }
    ~Relay() {
        ::kill(process_, SIGTERM);
        ::waitpid(process_, nullptr, 0);
        for (const char* name : {"load.yml", "load.db", "load.db-wal", "load.db-shm", "load.db.lock"})
            ::unlink((folder_ + '/' + name).c_str());
        ::rmdir((folder_ + "/load-dead").c_str());
    }
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// CPU seconds so far.
    [[nodiscard]] double cpu() const {
        clockid_t clock{};
        timespec time{};
        ::clock_getcpuclockid(process_, &clock);
        ::clock_gettime(clock, &time);
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
    }
    [[nodiscard]] double megabytes() const {
        std::ifstream status("/proc/" + std::to_string(process_) + "/status");
        for (std::string line; std::getline(status, line);) {
            if (line.starts_with("VmRSS:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
        }
        return 0;
    }

 private:
    std::string folder_;
    std::uint16_t port_ = 0;
    pid_t process_ = 0;
};

void show(const char* what, std::size_t alerts, double seconds, double cpu, double megabytes) {
    std::printf("%-34s %9.0f alerts/s  %6.1f us CPU per alert  %6.0f MB\n", what, static_cast<double>(alerts) / seconds,
                cpu / static_cast<double>(alerts) * 1e6, megabytes);
    std::fflush(stdout);
}

void sync_cost(const std::string& folder) {
    const std::string path = folder + "/load.sync";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const std::string page(4096, 'x');
    std::vector<double> times;
    for (int i = 0; i < 300; ++i) {
        if (::write(file, page.data(), page.size()) < 0) fail("the folder cannot be written");
        const auto start = Clock::now();
        ::fdatasync(file);
        times.push_back(seconds_since(start) * 1e6);
    }
    ::close(file);
    ::unlink(path.c_str());
    std::sort(times.begin(), times.end());
    std::printf("fdatasync of 4 KiB: median %.0f us, p99 %.0f us; %u CPUs; %zu alerts a message, %zu senders\n", times[times.size() / 2],
                times[times.size() * 99 / 100], std::thread::hardware_concurrency(), alerts_per_message, senders);
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 2) fail("usage: relay_load RELAY [FOLDER]");
    const std::string folder = count > 2 ? arguments[2] : ".";
    const std::size_t messages = count > 3 ? std::strtoull(arguments[3], nullptr, 10) : 2000;
    ::signal(SIGPIPE, SIG_IGN);
    sync_cost(folder);
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < messages; ++i) texts.push_back(message(i));
    const std::size_t alerts = messages * alerts_per_message;

    {
        // Nothing listens there: measures receiving and committing alone; waiting events need no more memory than open ones.
        Relay relay(arguments[1], folder, 1);
        double cpu = relay.cpu();
        Posted posted = post_all(relay.port(), texts, 0);
        show("new, committed (vendor is down)", alerts, posted.seconds, relay.cpu() - cpu, relay.megabytes());
        const double rate = static_cast<double>(messages) / posted.seconds;
        cpu = relay.cpu();
        posted = post_all(relay.port(), texts, 0);
        show("repeats, committed", alerts, posted.seconds, relay.cpu() - cpu, relay.megabytes());
        const double repeats = static_cast<double>(messages) / posted.seconds;
        for (std::size_t i = 0; i < 4; ++i) post_all(relay.port(), texts, 0);
        std::printf("%-34s %6.0f MB after %zu more repeats\n", "", relay.megabytes(), 4 * alerts);
        posted = post_all(relay.port(), texts, repeats / 2);
        std::printf("%-34s p50 %.1f ms, p99 %.1f ms\n", "answers, repeats at half of that", posted.part(0.5), posted.part(0.99));
        std::vector<std::string> fresh;
        for (std::size_t i = 0; i < messages; ++i) fresh.push_back(message(messages + i));
        posted = post_all(relay.port(), fresh, rate / 2);
        std::printf("%-34s p50 %.1f ms, p99 %.1f ms\n", "answers, new at half of that", posted.part(0.5), posted.part(0.99));
    }
    Sink sink;
    Relay relay(arguments[1], folder, sink.port());
    const double cpu = relay.cpu();
    const auto start = Clock::now();
    post_all(relay.port(), texts, 0);
    while (sink.requests() < alerts) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (seconds_since(start) > 120) fail("the vendor got " + std::to_string(sink.requests()) + " of " + std::to_string(alerts));
    }
    show("new, committed and sent", alerts, seconds_since(start), relay.cpu() - cpu, relay.megabytes());
    if (sink.requests() != alerts) fail("the vendor received too many requests");
    return 0;
}
