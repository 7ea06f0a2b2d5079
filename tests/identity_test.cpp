#include "alertmap/identity.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace alertmap;

namespace {

Labels view(const std::vector<Label>& labels) { return {labels.data(), labels.size()}; }

}  // namespace

// Source: FIPS 180-4 examples (csrc.nist.gov, SHA256.pdf and the "million a" of SHA_All.pdf).
TEST_CASE("sha256 gives the digests of FIPS 180-4") {
    Arena arena;
    CHECK(sha256_hex("", arena) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_hex("abc", arena) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", arena) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(sha256_hex(std::string(1'000'000, 'a'), arena) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("sha256 pads lengths around the block size") {
    Arena arena;
    CHECK(sha256_hex(std::string(55, 'a'), arena) == "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
    CHECK(sha256_hex(std::string(56, 'a'), arena) == "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
    CHECK(sha256_hex(std::string(63, 'a'), arena) == "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34");
    CHECK(sha256_hex(std::string(64, 'a'), arena) == "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
    CHECK(sha256_hex(std::string(65, 'a'), arena) == "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0");
}

TEST_CASE("sha256 runs at compile time") {
    constexpr std::array<std::uint8_t, 32> digest = sha256("abc");
    static_assert(digest[0] == 0xba && digest[31] == 0xad);
    CHECK(digest[1] == 0x78);
}

TEST_CASE("group_key_hash equals that of Alertmanager's notifiers") {
    Arena arena;
    AlertGroup group;
    CHECK(group_key_hash(group, arena).empty());
    group.group_key = "{}/{team=\"storage\"}:{alertname=\"DiskAlmostFull\", cluster=\"eu-1\"}";
    CHECK(group_key_hash(group, arena) == "0e9dbfed6425f676246e29974beca4913ac9412230a2840045ab4da12a693545");
}

// Labels and fingerprints from bodies of Alertmanager 0.25.
TEST_CASE("fingerprint equals Alertmanager's") {
    Arena arena;
    const std::vector<Label> labels = {{"alertname", "TH"}, {"instance", "i0"}, {"job", "j"}, {"scenario", "trunc-hides-firing"}};
    CHECK(fingerprint(view(labels), arena) == "cc006724dfe76687");
    const std::vector<Label> receiver = {{"alertname", "WR"}, {"scenario", "weirdrecv"}};
    CHECK(fingerprint(view(receiver), arena) == "8a45564de1c60d88");
    const std::vector<Label> unicode = {{"alertname", "Unicode"}, {"city", "Zürich"}, {"emoji", "🔥🚒"}};
    CHECK(fingerprint(view(unicode), arena).size() == 16);
}

TEST_CASE("fingerprint ignores the order of labels, and empty labels") {
    Arena arena;
    const std::vector<Label> labels = {
        {"scenario", "trunc-hides-firing"}, {"dc", ""}, {"job", "j"}, {"alertname", "TH"}, {"instance", "i0"}};
    CHECK(fingerprint(view(labels), arena) == "cc006724dfe76687");
}

TEST_CASE("fingerprint of an empty set") {
    Arena arena;
    CHECK(fingerprint(Labels{}, arena) == "cbf29ce484222325");
}

TEST_CASE("fingerprint of an alert is returned as sent") {
    Arena arena;
    const std::vector<Label> labels = {{"alertname", "WR"}, {"scenario", "weirdrecv"}};
    Alert alert;
    alert.labels = view(labels);
    CHECK(fingerprint(alert, arena) == "8a45564de1c60d88");
    alert.fingerprint = "from-the-sender";
    CHECK(fingerprint(alert, arena) == "from-the-sender");
    CHECK(fingerprint(alert, arena).data() == alert.fingerprint.data());
}

TEST_CASE("episode_id consists of fingerprint and start") {
    Arena arena;
    Alert alert;
    alert.fingerprint = "cc006724dfe76687";
    CHECK(episode_id(alert, arena) == "cc006724dfe76687");
    alert.starts_at = *parse_timestamp("2026-11-20T23:56:16.362328111Z");
    CHECK(episode_id(alert, arena) == "cc006724dfe76687-1795218976.362328111");
    // The same time in another format is the same episode.
    alert.starts_at = *parse_timestamp("2026-11-21T05:26:16.362328111+05:30");
    CHECK(episode_id(alert, arena) == "cc006724dfe76687-1795218976.362328111");
    alert.starts_at = *parse_timestamp("1969-12-31T23:59:58.5Z");
    CHECK(episode_id(alert, arena) == "cc006724dfe76687--2.500000000");
}

TEST_CASE("unquote_receiver reverses regexp.QuoteMeta") {
    Arena arena;
    CHECK(unquote_receiver("team\\.a/b\\+c \\(x\\) \"q\"", arena) == "team.a/b+c (x) \"q\"");
    CHECK(unquote_receiver("\\\\\\.\\+\\*\\?\\(\\)\\|\\[\\]\\{\\}\\^\\$", arena) == "\\.+*?()|[]{}^$");
    CHECK(unquote_receiver("C:\\dir\\", arena) == "C:\\dir\\");
    CHECK(unquote_receiver("", arena).empty());
}

TEST_CASE("unquote_receiver does not copy a receiver without backslashes") {
    Arena arena;
    const std::string_view receiver = "default";
    CHECK(unquote_receiver(receiver, arena).data() == receiver.data());
}
