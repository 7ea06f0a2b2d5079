// RapidJSON in situ: the body is copied to writable memory (about 2 % of the time, included); then its SAX events fill the structs, or its
// DOM is built in a reused pool and read. SSE2 kernels, as on any x86-64.

#if defined(__SSE2__)
#define RAPIDJSON_SSE2
#endif
#include <rapidjson/document.h>
#include <rapidjson/reader.h>

#include <cstring>
#include <vector>

#include "../payloads.hpp"

namespace bench {
namespace {

/// A copy that in-situ parsing may overwrite, terminated.
class WritableBody {
 public:
    [[nodiscard]] char* copy(std::string_view body) {
        if (bytes_.size() < body.size() + 1) bytes_.resize(body.size() + 1);
        std::memcpy(bytes_.data(), body.data(), body.size());
        bytes_[body.size()] = '\0';
        return bytes_.data();
    }

 private:
    std::vector<char> bytes_;
};

/// Purpose of the next value. In the order of the names below.
enum class Field {
    status,
    labels,
    annotations,
    starts_at,
    ends_at,
    generator_url,
    fingerprint,
    receiver,
    alerts,
    notification_reason,
    group_labels,
    common_labels,
    common_annotations,
    route_labels,
    external_url,
    version,
    group_key,
    truncated_alerts,
    unknown
};

class Handler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
 public:
    explicit Handler(Storage& storage) : storage_(storage) {}

    bool StartObject() {
        ++depth_;
        if (skipped_ != 0) return true;
        if (depth_ == 1) return true;
        if (depth_ == 3 && in_alerts_) {
            alert_ = &storage_.add_alert();
            return true;
        }
        if (alertmap::Labels* set = labels_of(field_); set != nullptr) {
            labels_ = set;
            storage_.begin_labels();
            return true;
        }
        skipped_ = depth_;
        return true;
    }
    bool EndObject(rapidjson::SizeType) {
        if (skipped_ == depth_) {
            skipped_ = 0;
        } else if (labels_ != nullptr) {
            *labels_ = storage_.end_labels();
            labels_ = nullptr;
        } else if (skipped_ == 0) {
            alert_ = nullptr;
        }
        --depth_;
        return true;
    }
    bool StartArray() {
        ++depth_;
        if (skipped_ != 0) return true;
        if (depth_ == 2 && field_ == Field::alerts) {
            in_alerts_ = true;
        } else {
            skipped_ = depth_;
        }
        return true;
    }
    bool EndArray(rapidjson::SizeType) {
        if (skipped_ == depth_) skipped_ = 0;
        if (depth_ == 2) in_alerts_ = false;
        --depth_;
        return true;
    }
    bool Key(const char* text, rapidjson::SizeType size, bool) {
        if (skipped_ != 0) return true;
        const std::string_view name(text, size);
        if (labels_ != nullptr) {
            name_ = name;
        } else {
            field_ = alert_ != nullptr ? alert_field(name) : group_field(name);
        }
        return true;
    }
    bool String(const char* data, rapidjson::SizeType size, bool) {
        if (skipped_ != 0) return true;
        const std::string_view text(data, size);
        if (labels_ != nullptr) {
            storage_.add_label(name_, text);
            return true;
        }
        alertmap::AlertGroup& group = storage_.group;
        switch (field_) {
            case Field::status: (alert_ != nullptr ? alert_->status : group.status) = read_status(text); return true;
            case Field::starts_at: alert_->starts_at = storage_.read_time(text); return true;
            case Field::ends_at: alert_->ends_at = storage_.read_time(text); return true;
            case Field::generator_url: alert_->generator_url = text; return true;
            case Field::fingerprint: alert_->fingerprint = text; return true;
            case Field::receiver: group.receiver = text; return true;
            case Field::notification_reason: group.notification_reason = text; return true;
            case Field::external_url: group.external_url = text; return true;
            case Field::version: group.version = text; return true;
            case Field::group_key: group.group_key = text; return true;
            default: return field_ == Field::unknown;
        }
    }
    bool Uint(unsigned number) { return Uint64(number); }
    bool Uint64(std::uint64_t number) {
        if (skipped_ == 0 && field_ == Field::truncated_alerts) storage_.group.truncated_alerts = number;
        return true;
    }

 private:
    static Field alert_field(std::string_view name) {
        if (name == "status") return Field::status;
        if (name == "labels") return Field::labels;
        if (name == "annotations") return Field::annotations;
        if (name == "startsAt") return Field::starts_at;
        if (name == "endsAt") return Field::ends_at;
        if (name == "generatorURL") return Field::generator_url;
        if (name == "fingerprint") return Field::fingerprint;
        return Field::unknown;
    }
    static Field group_field(std::string_view name) {
        if (name == "receiver") return Field::receiver;
        if (name == "status") return Field::status;
        if (name == "alerts") return Field::alerts;
        if (name == "notification_reason") return Field::notification_reason;
        if (name == "groupLabels") return Field::group_labels;
        if (name == "commonLabels") return Field::common_labels;
        if (name == "commonAnnotations") return Field::common_annotations;
        if (name == "routeLabels") return Field::route_labels;
        if (name == "externalURL") return Field::external_url;
        if (name == "version") return Field::version;
        if (name == "groupKey") return Field::group_key;
        if (name == "truncatedAlerts") return Field::truncated_alerts;
        return Field::unknown;
    }
    [[nodiscard]] alertmap::Labels* labels_of(Field field) const {
        switch (field) {
            case Field::labels: return &alert_->labels;
            case Field::annotations: return &alert_->annotations;
            case Field::group_labels: return &storage_.group.group_labels;
            case Field::common_labels: return &storage_.group.common_labels;
            case Field::common_annotations: return &storage_.group.common_annotations;
            case Field::route_labels: return &storage_.group.route_labels;
            default: return nullptr;
        }
    }

    Storage& storage_;
    alertmap::Alert* alert_ = nullptr;    // the current alert
    alertmap::Labels* labels_ = nullptr;  // the current set
    std::string_view name_;
    Field field_ = Field::unknown;
    int depth_ = 0;
    int skipped_ = 0;  // depth of the skipped value, or 0
    bool in_alerts_ = false;
};

/// RapidJSON validates UTF-8 only on request; simdjson and alertmap always do. kParseValidateEncodingFlag makes the work equal.
template <unsigned Flags>
class Sax final : public PayloadPeer<Sax<Flags>> {
 public:
    const alertmap::AlertGroup* parse(std::string_view body) override {
        storage_.begin(body.size());
        rapidjson::InsituStringStream stream(body_.copy(body));
        Handler handler(storage_);
        if (reader_.Parse<rapidjson::kParseInsituFlag | Flags>(stream, handler).IsError()) return nullptr;
        return storage_.finish();
    }

    std::string_view payload(Vendor vendor, const Page& page) { return json_.payload(vendor, page); }

 private:
    rapidjson::Reader reader_;
    WritableBody body_;
    Storage storage_;
    FastJson json_;
};

using Pool = rapidjson::MemoryPoolAllocator<>;
using PooledDocument = rapidjson::GenericDocument<rapidjson::UTF8<>, Pool, Pool>;

struct DomReader {
    template <class Function>
    static bool each_member(const PooledDocument::ValueType& value, Function&& function) {
        if (!value.IsObject()) return false;
        for (const auto& member : value.GetObject()) {
            if (!function(std::string_view(member.name.GetString(), member.name.GetStringLength()), member.value)) return false;
        }
        return true;
    }
    template <class Function>
    static bool each_label(const PooledDocument::ValueType& value, Function&& function) {
        return each_member(value, [&](std::string_view name, const PooledDocument::ValueType& member) {
            std::string_view label;
            if (!text(member, label)) return false;
            function(name, label);
            return true;
        });
    }
    template <class Function>
    static bool each_element(const PooledDocument::ValueType& value, Function&& function) {
        if (!value.IsArray()) return false;
        for (const auto& element : value.GetArray()) {
            if (!function(element)) return false;
        }
        return true;
    }
    static bool text(const PooledDocument::ValueType& value, std::string_view& out) {
        if (!value.IsString()) return false;
        out = {value.GetString(), value.GetStringLength()};
        return true;
    }
    static bool number(const PooledDocument::ValueType& value, std::uint64_t& out) {
        if (!value.IsUint64()) return false;
        out = value.GetUint64();
        return true;
    }
};

class Dom final : public PayloadPeer<Dom> {
 public:
    const alertmap::AlertGroup* parse(std::string_view body) override {
        storage_.begin(body.size());
        // Three times the body is enough for its values, plus its stack; beyond that the heap is used.
        const std::size_t wanted = 3 * body.size() + 65536;
        if (values_.size() < wanted) {
            values_.resize(wanted);
            stack_.resize(wanted);
        }
        Pool values(values_.data(), values_.size());
        Pool stack(stack_.data(), stack_.size());
        PooledDocument document(&values, 1024, &stack);
        if (document.ParseInsitu(body_.copy(body)).HasParseError()) return nullptr;
        if (!StructReader<DomReader>{storage_}.group(document)) return nullptr;
        return storage_.finish();  // strings view body_, not the document
    }

    std::string_view payload(Vendor vendor, const Page& page) { return json_.payload(vendor, page); }

 private:
    std::vector<char> values_;
    std::vector<char> stack_;
    WritableBody body_;
    Storage storage_;
    FastJson json_;
};

}  // namespace

std::unique_ptr<Peer> make_rapidjson_sax() { return std::make_unique<Sax<rapidjson::kParseNoFlags>>(); }
std::unique_ptr<Peer> make_rapidjson_sax_validating() { return std::make_unique<Sax<rapidjson::kParseValidateEncodingFlag>>(); }
std::unique_ptr<Peer> make_rapidjson_dom() { return std::make_unique<Dom>(); }

}  // namespace bench
