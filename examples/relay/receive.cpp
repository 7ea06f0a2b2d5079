#include "receive.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

// Beast leaves parts of RFC 9112 to its user, and treats an unknown Transfer-Encoding as "no body": the body would then be read as the next
// request. Therefore check_head() checks the head before the body is read.
namespace relay {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = net::ip::tcp;
using boost::system::error_code;
using Parser = http::request_parser<http::string_body>;
using std::chrono::seconds;

constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::size_t head_read_size = 2u << 10;  // memory per idle connection
constexpr std::size_t body_read_size = 64u << 10;
constexpr seconds linger_seconds{2};
constexpr std::size_t linger_bytes = 1u << 20;

bool authorized(const Authentication& wanted, std::string_view header) {
    if (!wanted.required()) return true;
    const auto credentials = [&](std::string_view scheme) {
        const bool same =
            header.size() > scheme.size() && header[scheme.size()] == ' ' && beast::iequals(header.substr(0, scheme.size()), scheme);
        return same ? header.substr(scheme.size() + 1) : std::string_view{};
    };
    const bool bearer = !wanted.bearer.empty() && same_secret(credentials("Bearer"), wanted.bearer);
    const bool basic = !wanted.user.empty() && same_secret(credentials("Basic"), base64(wanted.user + ':' + wanted.password));
    return bearer || basic;
}

std::string_view reason(unsigned status) {
    if (status == 413) return "Content Too Large";
    return http::obsolete_reason(static_cast<http::status>(status));
}

std::string head_of(const Answer& answer, bool keep_alive, bool with_body = true) {
    std::string out = "HTTP/1.1 " + std::to_string(answer.status) + ' ' + std::string(reason(answer.status)) + "\r\n";
    if (!answer.body.empty()) out += "Content-Type: " + answer.content_type + "\r\n";
    for (const auto& [name, value] : answer.headers) out += name + ": " + value + "\r\n";
    out += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
    if (!keep_alive) out += "Connection: close\r\n";
    out += "\r\n";
    return with_body ? out + answer.body : out;
}

Answer refusal(unsigned status, std::string text) {
    Answer answer;
    answer.status = status;
    answer.body = std::move(text);
    if (!answer.body.empty()) answer.body += '\n';
    return answer;
}

/// Checks that Beast omits: 0, or the status of the rejection. `raw` is the received head.
unsigned check_head(const Parser::value_type& request, std::string_view raw, const Limits& limits, std::string& why) {
    const auto refuse = [&](unsigned status, std::string_view text) {
        why = text;
        return status;
    };
    // obs-fold: Beast silently joins the lines, other parsers do not.
    if (raw.find("\r\n ") != std::string_view::npos || raw.find("\r\n\t") != std::string_view::npos) return refuse(400, "folded header");
    const auto count = [&](http::field name) { return request.count(name); };
    if (request.version() != 11 && request.version() != 10) return refuse(505, "HTTP/1.1 or HTTP/1.0");
    if (request.version() == 11 && count(http::field::host) != 1) return refuse(400, "exactly one Host header is needed");
    const std::size_t encodings = count(http::field::transfer_encoding);
    const std::size_t lengths = count(http::field::content_length);
    if (encodings != 0) {
        if (request.version() == 10) return refuse(400, "Transfer-Encoding with HTTP/1.0");
        if (encodings != 1 || !beast::iequals(request[http::field::transfer_encoding], "chunked")) {
            return refuse(400, "Transfer-Encoding other than chunked");
        }
        if (lengths != 0) return refuse(400, "Content-Length beside Transfer-Encoding");
    }
    if (lengths > 1) return refuse(400, "more than one Content-Length");
    if (lengths == 1) {
        const std::string_view length = request[http::field::content_length];
        if (length.empty() || length.find_first_not_of("0123456789") != std::string_view::npos) return refuse(400, "Content-Length");
        if (length.size() > 12 || std::stoull(std::string(length)) > limits.body_bytes) return refuse(413, "the body is too long");
    }
    const bool takes_body = request.method() == http::verb::post || request.method() == http::verb::put;
    if (takes_body && lengths + encodings == 0) return refuse(411, "Content-Length or chunked is needed");
    if (!takes_body && request.method() != http::verb::get && request.method() != http::verb::head) return refuse(405, "");
    const std::string_view coding = request[http::field::content_encoding];
    if (!coding.empty() && !beast::iequals(coding, "identity")) return refuse(415, "Content-Encoding is not taken");
    if (const std::string_view expect = request[http::field::expect]; !expect.empty() && !beast::iequals(expect, "100-continue")) {
        return refuse(417, "");
    }
    return 0;
}

/// State shared by all sessions and acceptors of a server; only used by the server's thread.
struct Shared {
    Limits limits;
    Handler handler;
    std::vector<std::string> open_paths;  // not authenticated here; POST only
    ReceiveCounts counts;
    bool stopping = false;

    [[nodiscard]] bool is_open(http::verb method, std::string_view target) const {
        if (method != http::verb::post) return target == "/healthz" || target == "/readyz";
        const std::string_view path = target.substr(0, target.find('?'));
        // Compares all, so that the time reveals nothing about a secret path.
        bool open = false;
        for (const std::string& one : open_paths) open = same_secret(one, path) || open;
        return open;
    }
};

struct Port {
    Listener listener;
    tcp::acceptor acceptor;
    std::shared_ptr<net::ssl::context> tls;
};

class AnySession {
 public:
    virtual ~AnySession() = default;
    /// Ends the session if it is waiting for a request.
    virtual void end_if_idle() = 0;
};

template <class Stream>
class Session final : public AnySession, public std::enable_shared_from_this<Session<Stream>> {
 public:
    Session(Stream stream, std::shared_ptr<Shared> shared, std::shared_ptr<const Port> port)
        : stream_(std::move(stream)), shared_(std::move(shared)), port_(std::move(port)), deadline_(stream_.get_executor()) {
        ++shared_->counts.open;
    }
    ~Session() override { --shared_->counts.open; }

    net::awaitable<void> run() {
        const auto self = this->shared_from_this();
        if (!co_await handshake()) co_return;
        while (co_await serve_one()) {
        }
        co_await close();
    }

    void end_if_idle() override {
        if (idle_) cancel();
    }

 private:
    static constexpr bool secure = !std::is_same_v<Stream, tcp::socket>;
    static constexpr auto token(error_code& error) { return net::redirect_error(net::use_awaitable, error); }

    tcp::socket& socket() {
        if constexpr (secure) {
            return stream_.next_layer();
        } else {
            return stream_;
        }
    }
    void cancel() {
        error_code ignored;
        socket().cancel(ignored);
    }
    /// Sets a deadline for the current operation.
    void limit(seconds time) {
        timed_out_ = false;
        deadline_.expires_after(time);
        deadline_.async_wait([weak = this->weak_from_this()](error_code error) {
            const auto self = weak.lock();
            if (error || !self || self->deadline_.expiry() > std::chrono::steady_clock::now()) return;
            self->timed_out_ = true;
            self->cancel();
        });
    }
    void no_limit() { deadline_.expires_at(std::chrono::steady_clock::time_point::max()); }

    net::awaitable<bool> handshake() {
        if constexpr (secure) {
            limit(seconds(shared_->limits.head_seconds));
            error_code error;
            // A plain-text request at a TLS port gets a readable answer.
            co_await socket().async_wait(tcp::socket::wait_read, token(error));
            char first = 0;
            if (!error && ::recv(socket().native_handle(), &first, 1, MSG_PEEK) == 1 && first != 0x16) {
                const std::string text = head_of(refusal(400, "this port speaks TLS"), false);
                co_await net::async_write(socket(), net::buffer(text), token(error));
                co_return false;
            }
            if (!error) co_await stream_.async_handshake(net::ssl::stream_base::server, token(error));
            no_limit();
            co_return !error;
        }
        co_return true;
    }

    /// Reads more bytes into `input_`. False: end of input.
    net::awaitable<bool> read_more(std::size_t most) {
        error_code error;
        const std::size_t size = input_.size();
        input_.resize(size + most);
        const std::size_t count = co_await stream_.async_read_some(net::buffer(input_.data() + size, most), token(error));
        input_.resize(size + count);
        co_return !error && count != 0;
    }

    net::awaitable<bool> write(std::string text) {
        error_code error;
        limit(seconds(shared_->limits.body_seconds));
        co_await net::async_write(stream_, net::buffer(text), token(error));
        no_limit();
        co_return !error;
    }

    /// Answers a request that is not read completely, and closes the connection.
    net::awaitable<bool> refuse(unsigned status, std::string text) {
        ++shared_->counts.refused;
        Answer answer = refusal(status, std::move(text));
        if (status == 401) {
            const bool basic = port_->listener.authentication.bearer.empty();
            answer.headers.emplace_back("WWW-Authenticate",
                                        basic ? "Basic realm=\"alertmap-relay\", charset=\"UTF-8\"" : "Bearer realm=\"alertmap-relay\"");
        }
        if (status == 405) answer.headers.emplace_back("Allow", "GET, HEAD, POST, PUT");
        linger_ = co_await write(head_of(answer, false));
        co_return false;
    }

    /// Handles one request. False: close the connection.
    net::awaitable<bool> serve_one() {
        // The head.
        idle_ = input_.empty();
        limit(seconds(idle_ ? shared_->limits.idle_seconds : shared_->limits.head_seconds));
        std::size_t end = input_.find(head_end);
        while (end == std::string::npos) {
            if (input_.size() > shared_->limits.head_bytes) co_return co_await refuse(431, "");
            if (shared_->stopping && input_.empty()) co_return false;
            const std::size_t searched = input_.size() < head_end.size() ? 0 : input_.size() - head_end.size() + 1;
            if (!co_await read_more(head_read_size)) {
                if (timed_out_ && !input_.empty()) co_return co_await refuse(408, "");
                co_return false;
            }
            if (idle_) {
                idle_ = false;
                limit(seconds(shared_->limits.head_seconds));
            }
            end = input_.find(head_end, searched);
        }
        idle_ = false;
        const std::size_t head_size = end + head_end.size();
        if (head_size > shared_->limits.head_bytes) co_return co_await refuse(431, "");

        Parser parser;
        parser.header_limit(static_cast<std::uint32_t>(shared_->limits.head_bytes));
        parser.body_limit(shared_->limits.body_bytes);
        error_code error;
        parser.put(net::buffer(input_.data(), head_size), error);
        if (error == http::error::body_limit) co_return co_await refuse(413, "the body is too long");
        if ((error && error != http::error::need_more) || !parser.is_header_done()) co_return co_await refuse(400, "the head is not HTTP");
        ++shared_->counts.requests;
        std::string why;
        const std::string_view raw(input_.data(), head_size);
        if (const unsigned status = check_head(parser.get(), raw, shared_->limits, why); status != 0)
            co_return co_await refuse(status, why);
        const bool open = shared_->is_open(parser.get().method(), parser.get().target());
        if (!open && !authorized(port_->listener.authentication, parser.get()[http::field::authorization])) {
            co_return co_await refuse(401, "");
        }
        input_.erase(0, head_size);

        // The body.
        if (!parser.is_done()) {
            limit(seconds(shared_->limits.body_seconds));
            const bool waits = parser.get().version() == 11 && parser.get().count(http::field::expect) != 0;
            if (waits && input_.empty() && !co_await write("HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
            limit(seconds(shared_->limits.body_seconds));
            parser.eager(true);
            while (!parser.is_done()) {
                if (!input_.empty()) {
                    const std::size_t used = parser.put(net::buffer(input_), error);
                    input_.erase(0, used);
                    if (error == http::error::body_limit) co_return co_await refuse(413, "the body is too long");
                    if (error && error != http::error::need_more) co_return co_await refuse(400, "the body is not HTTP");
                    if (parser.is_done()) break;
                    if (used != 0 && !input_.empty() && !error) continue;
                }
                if (!co_await read_more(body_read_size)) {
                    if (timed_out_) co_return co_await refuse(408, "");
                    co_return false;
                }
            }
        }
        no_limit();
        if (input_.empty()) input_.shrink_to_fit();

        const bool keep_alive = parser.get().keep_alive() && !shared_->stopping;
        const bool head_only = parser.get().method() == http::verb::head;
        const Answer answer = co_await handle(parser.release());
        const bool written = co_await write(head_of(answer, keep_alive, !head_only));
        co_return written&& keep_alive && !shared_->stopping;
    }

    /// Waits for the handler's answer.
    net::awaitable<Answer> handle(Parser::value_type request) {
        struct Pending {
            explicit Pending(const net::any_io_executor& executor) : wake(executor, std::chrono::steady_clock::time_point::max()) {}
            net::steady_timer wake;
            Answer answer;
            bool done = false;
        };
        const net::any_io_executor executor = stream_.get_executor();
        const auto pending = std::make_shared<Pending>(executor);
        Received received;
        received.method = std::string(request.method_string());
        received.target = std::string(request.target());
        for (const auto& field : request) received.headers.emplace_back(field.name_string(), field.value());
        received.body = std::move(request.body());
        Reply reply = [pending, executor](Answer answer) {
            net::post(executor, [pending, answer = std::move(answer)]() mutable {
                pending->answer = std::move(answer);
                pending->done = true;
                pending->wake.cancel();
            });
        };
        shared_->handler(std::move(received), std::move(reply));
        error_code ignored;
        while (!pending->done) co_await pending->wake.async_wait(token(ignored));
        co_return std::move(pending->answer);
    }

    /// Closes the connection so that the peer can read the last answer: reads and discards its input for a moment.
    net::awaitable<void> close() {
        error_code ignored;
        limit(linger_seconds);
        if constexpr (secure) {
            if (!linger_) co_await stream_.async_shutdown(token(ignored));
        }
        socket().shutdown(tcp::socket::shutdown_send, ignored);
        std::array<char, 4096> dropped{};
        std::size_t count = 0;
        while (linger_ && !timed_out_ && count < linger_bytes) {
            const std::size_t some = co_await socket().async_read_some(net::buffer(dropped), token(ignored));
            if (some == 0 || ignored) break;
            count += some;
        }
        no_limit();
        socket().close(ignored);
    }

    Stream stream_;
    std::shared_ptr<Shared> shared_;
    std::shared_ptr<const Port> port_;
    net::steady_timer deadline_;
    std::string input_;  // read but not yet used
    bool idle_ = false;
    bool timed_out_ = false;
    bool linger_ = false;
};

std::shared_ptr<net::ssl::context> make_tls(const Tls& tls) {
    auto context = std::make_shared<net::ssl::context>(net::ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    context->set_options(net::ssl::context::default_workarounds | net::ssl::context::no_compression);
    context->use_certificate_chain_file(tls.certificate);
    context->use_private_key_file(tls.key, net::ssl::context::pem);
    if (!tls.client_ca.empty()) {
        context->load_verify_file(tls.client_ca);
        context->set_verify_mode(net::ssl::verify_peer | net::ssl::verify_fail_if_no_peer_cert);
    }
    return context;
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
    net::io_context context{1};
    std::shared_ptr<Shared> shared = std::make_shared<Shared>();
    std::vector<std::shared_ptr<Port>> open_ports;
    std::vector<std::uint16_t> numbers;
    std::vector<std::weak_ptr<AnySession>> sessions;
    std::thread thread;

    void bind(const Listener& listener) {
        const std::string place = listener.address + ':' + std::to_string(listener.port);
        try {
            const tcp::endpoint endpoint(net::ip::make_address(listener.address), listener.port);
            auto port = std::make_shared<Port>(Port{listener, tcp::acceptor(context), nullptr});
            if (listener.tls.on()) port->tls = make_tls(listener.tls);
            port->acceptor.open(endpoint.protocol());
            port->acceptor.set_option(tcp::acceptor::reuse_address(true));
            port->acceptor.bind(endpoint);
            port->acceptor.listen(4096);
            numbers.push_back(port->acceptor.local_endpoint().port());
            open_ports.push_back(std::move(port));
        } catch (const boost::system::system_error& error) {
            throw std::runtime_error(place + ": " + error.code().message());
        }
    }

    template <class Stream>
    void start(Stream stream, const std::shared_ptr<const Port>& port) {
        auto session = std::make_shared<Session<Stream>>(std::move(stream), shared, port);
        if (sessions.size() > 64 && sessions.size() > 2 * shared->counts.open) {
            std::erase_if(sessions, [](const auto& weak) { return weak.expired(); });
        }
        sessions.push_back(session);
        net::co_spawn(
            context, [session] { return session->run(); }, net::detached);
    }

    net::awaitable<void> accept(std::shared_ptr<Port> port) {
        while (!shared->stopping) {
            error_code error;
            tcp::socket socket = co_await port->acceptor.async_accept(net::redirect_error(net::use_awaitable, error));
            if (shared->stopping) co_return;
            if (error) {
                // Usually out of descriptors: wait for open connections to end.
                net::steady_timer pause(context, std::chrono::milliseconds(50));
                co_await pause.async_wait(net::redirect_error(net::use_awaitable, error));
                continue;
            }
            ++shared->counts.connections;
            if (shared->counts.open >= shared->limits.connections) continue;
            socket.set_option(tcp::no_delay(true), error);
            if (port->tls) {
                start(net::ssl::stream<tcp::socket>(std::move(socket), *port->tls), port);
            } else {
                start(std::move(socket), port);
            }
        }
    }
};

Server::Server(const std::vector<Listener>& listeners, const Limits& limits, std::vector<std::string> open_paths, Handler handler)
    : impl_(std::make_shared<Impl>()) {
    impl_->shared->open_paths = std::move(open_paths);
    impl_->shared->limits = limits;
    impl_->shared->handler = std::move(handler);
    for (const Listener& listener : listeners) impl_->bind(listener);
    for (const auto& port : impl_->open_ports) net::co_spawn(impl_->context, impl_->accept(port), net::detached);
    impl_->thread = std::thread([impl = impl_.get()] { impl->context.run(); });
}

Server::~Server() { stop(); }

void Server::stop() {
    if (!impl_->thread.joinable()) return;
    net::post(impl_->context, [impl = impl_.get()] {
        impl->shared->stopping = true;
        for (const auto& port : impl->open_ports) {
            error_code ignored;
            port->acceptor.close(ignored);
        }
        for (const auto& weak : impl->sessions) {
            if (const auto session = weak.lock()) session->end_if_idle();
        }
        const auto end = std::make_shared<net::steady_timer>(impl->context, seconds(2));
        end->async_wait([impl, end](error_code) { impl->context.stop(); });
        const auto look = std::make_shared<net::steady_timer>(impl->context);
        // Ends as soon as the last session has ended.
        const auto again = std::make_shared<std::function<void(error_code)>>();
        *again = [impl, look, again](error_code) {
            if (impl->shared->counts.open == 0) return impl->context.stop();
            look->expires_after(std::chrono::milliseconds(10));
            look->async_wait(*again);
        };
        (*again)({});
    });
    impl_->thread.join();
}

std::string Server::reload(const std::vector<Listener>& listeners, std::vector<std::string> open_paths) {
    // Created before anything is changed, so that an unreadable file has no effect.
    std::vector<std::pair<std::shared_ptr<Port>, std::shared_ptr<net::ssl::context>>> fresh;
    std::vector<Authentication> authentications;
    std::vector<bool> used(listeners.size());  // two listeners may have port 0
    for (const auto& port : impl_->open_ports) {
        const auto same = std::find_if(listeners.begin(), listeners.end(), [&](const Listener& listener) {
            return !used[static_cast<std::size_t>(&listener - listeners.data())] && listener.address == port->listener.address &&
                   listener.port == port->listener.port && listener.tls.on() == port->listener.tls.on();
        });
        if (same == listeners.end()) return "listeners cannot be added, moved or removed without a restart";
        used[static_cast<std::size_t>(same - listeners.begin())] = true;
        try {
            fresh.emplace_back(port, same->tls.on() ? make_tls(same->tls) : nullptr);
        } catch (const boost::system::system_error& error) {
            return same->tls.certificate + ": " + error.code().message();
        }
        authentications.push_back(same->authentication);
    }
    if (listeners.size() != fresh.size()) return "listeners cannot be added, moved or removed without a restart";
    net::post(impl_->context, [shared = impl_->shared, fresh = std::move(fresh), authentications = std::move(authentications),
                               paths = std::move(open_paths)]() mutable {
        shared->open_paths = std::move(paths);
        for (std::size_t i = 0; i < fresh.size(); ++i) {
            fresh[i].first->tls = fresh[i].second;
            fresh[i].first->listener.authentication = authentications[i];
        }
    });
    return {};
}

const std::vector<std::uint16_t>& Server::ports() const { return impl_->numbers; }
const ReceiveCounts& Server::counts() const { return impl_->shared->counts; }

}  // namespace relay
