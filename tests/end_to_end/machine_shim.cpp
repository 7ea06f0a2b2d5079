// Preloaded into a relay: resolving names that begin with "slow" takes 8 seconds and fails; the wall clock is shifted by the number of
// seconds in the file ALERTMAP_CLOCK_OFFSET.
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

const volatile std::int64_t* map_offset() {
    static const std::int64_t none = 0;
    const char* const path = std::getenv("ALERTMAP_CLOCK_OFFSET");
    const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return &none;
    void* const mapped = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    return mapped == MAP_FAILED ? &none : static_cast<const volatile std::int64_t*>(mapped);
}

template <class Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
    static auto* const real = next<int(clockid_t, timespec*)>("clock_gettime");
    static const volatile std::int64_t* const offset = map_offset();
    const int result = real(clock, time);
    if (clock == CLOCK_REALTIME) time->tv_sec += static_cast<time_t>(*offset);
    return result;
}

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
    static auto* const real = next<int(const char*, const char*, const addrinfo*, addrinfo**)>("getaddrinfo");
    if (name != nullptr && std::strncmp(name, "slow", 4) == 0) {
        ::sleep(8);
        return EAI_NONAME;
    }
    return real(name, service, hints, found);
}
