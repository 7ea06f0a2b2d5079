#include "send.hpp"

#include <curl/curl.h>

#include <atomic>
#include <charconv>
#include <mutex>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

namespace relay {
namespace {

struct Transfer {
    std::uint64_t id = 0;
    alertmap::Request request;
    CURL* easy = nullptr;
    curl_slist* headers = nullptr;
    std::string answer;
    std::size_t most = 0;
    bool started = false;
    char error[CURL_ERROR_SIZE] = {};

    Transfer() = default;
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;
    ~Transfer() {
        curl_slist_free_all(headers);
        if (easy != nullptr) curl_easy_cleanup(easy);
    }
};

/// Keeps the answer up to its limit, then aborts the transfer (CURLOPT_MAXFILESIZE ignores chunked answers). The status is known by then.
std::size_t keep(char* bytes, std::size_t one, std::size_t count, void* to) {
    auto& transfer = *static_cast<Transfer*>(to);
    const std::size_t size = one * count;
    if (transfer.answer.size() + size > transfer.most) return 0;
    transfer.answer.append(bytes, size);
    return size;
}

/// Aborts a transfer before libcurl repeats it. libcurl does so if a reused connection ends without an answer, but the first request may
/// have arrived, and the second answer would hide that.
int send_once(void* to, char*, char*, int, int) {
    auto& transfer = *static_cast<Transfer*>(to);
    return std::exchange(transfer.started, true) && transfer.request.method != "GET" ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/// True if no byte of the request can have reached the vendor.
bool never_sent(CURLcode code) {
    switch (code) {
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE: return true;
        default: return false;
    }
}

}  // namespace

struct Sender::Impl {
    SendLimits limits;
    std::function<void(Sent)> done;
    CURLM* multi = nullptr;
    std::mutex mutex;
    std::vector<std::unique_ptr<Transfer>> waiting;
    std::unordered_set<Transfer*> running;
    std::atomic<bool> stopping{false};
    std::thread thread;

    bool start(std::unique_ptr<Transfer> transfer) {
        CURL* easy = curl_easy_init();
        if (easy == nullptr) return false;
        transfer->easy = easy;
        const alertmap::Request& request = transfer->request;
        curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, static_cast<long>(limits.connect_seconds));
        curl_easy_setopt(easy, CURLOPT_TIMEOUT, static_cast<long>(limits.total_seconds));
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &keep);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer.get());
        curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &send_once);
        curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer.get());
        curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer.get());
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "alertmap-relay/" ALERTMAP_VERSION_STRING);
        if (request.method == "GET") {
            curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
        } else {
            curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
            curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
            curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
        }
        // An empty "Expect:" disables the wait for 100 Continue; our Content-Type replaces curl's.
        transfer->headers = curl_slist_append(transfer->headers, "Expect:");
        bool typed = false;
        for (const alertmap::Header& header : request.headers) {
            typed = typed || header.name == "Content-Type";
            transfer->headers = curl_slist_append(transfer->headers, (header.name + ": " + header.value).c_str());
        }
        if (!typed) transfer->headers = curl_slist_append(transfer->headers, "Content-Type:");
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
        if (curl_multi_add_handle(multi, easy) != CURLM_OK) return false;
        running.insert(transfer.release());
        return true;
    }

    void finish(CURL* easy, CURLcode code) {
        Transfer* raw = nullptr;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &raw);
        curl_multi_remove_handle(multi, easy);
        running.erase(raw);
        const std::unique_ptr<Transfer> transfer(raw);
        Sent sent;
        sent.id = transfer->id;
        long status = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        // If the transfer was aborted by the answer's limit, the final status is known; 1xx is not final.
        const bool whole = code == CURLE_OK || code == CURLE_WRITE_ERROR;
        if (whole && status >= 200) sent.status = static_cast<int>(status);
        sent.may_have_arrived = sent.status == 0 && !never_sent(code);
        curl_off_t retry = 0;
        curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry);
        sent.retry_after_seconds = static_cast<std::int64_t>(retry);
        curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME, &sent.seconds);
        sent.body = std::move(transfer->answer);
        if (sent.status == 0) sent.error = curl_easy_strerror(code);
        done(std::move(sent));
    }

    void run() {
        while (!stopping) {
            std::vector<std::unique_ptr<Transfer>> fresh;
            {
                const std::lock_guard guard(mutex);
                fresh.swap(waiting);
            }
            for (auto& transfer : fresh) {
                const std::uint64_t id = transfer->id;
                if (!start(std::move(transfer))) {
                    Sent sent;
                    sent.id = id;
                    sent.error = "out of memory";
                    done(std::move(sent));
                }
            }
            int active = 0;
            curl_multi_perform(multi, &active);
            int left = 0;
            while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
                if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
            }
            curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
        }
        while (!running.empty()) finish((*running.begin())->easy, CURLE_ABORTED_BY_CALLBACK);
    }
};

Sender::Sender(SendLimits limits, std::function<void(Sent)> done) : impl_(std::make_unique<Impl>()) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)ready;
    impl_->limits = limits;
    impl_->done = std::move(done);
    impl_->multi = curl_multi_init();
    curl_multi_setopt(impl_->multi, CURLMOPT_MAX_HOST_CONNECTIONS, 16L);
    impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

Sender::~Sender() {
    impl_->stopping = true;
    curl_multi_wakeup(impl_->multi);
    impl_->thread.join();
    curl_multi_cleanup(impl_->multi);
}

void Sender::send(std::uint64_t id, alertmap::Request request, std::size_t answer_bytes) {
    auto transfer = std::make_unique<Transfer>();
    transfer->id = id;
    transfer->request = std::move(request);
    transfer->most = answer_bytes != 0 ? answer_bytes : impl_->limits.answer_bytes;
    {
        const std::lock_guard guard(impl_->mutex);
        impl_->waiting.push_back(std::move(transfer));
    }
    curl_multi_wakeup(impl_->multi);
}

}  // namespace relay
