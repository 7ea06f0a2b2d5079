#pragma once

#include <cstddef>
#include <string_view>

namespace alertmap::inline v0_1 {

/// One label or annotation: views, owned by whoever owns the set.
struct Label {
    std::string_view name;
    std::string_view value;

    friend bool operator==(const Label&, const Label&) = default;
};

/// A set of labels or annotations in the order of the sender: a view of Label, 16 bytes, copied freely. Valid as long as
/// the AlertGroup (or Arena) that it came from. An absent set (`present()` false) differs from an empty one.
class Labels {
 public:
    using value_type = Label;
    using const_iterator = const Label*;

    constexpr Labels() = default;
    constexpr Labels(const Label* first, std::size_t count) noexcept : first_(first), count_(count) {}

    [[nodiscard]] constexpr const Label* begin() const noexcept { return first_; }
    [[nodiscard]] constexpr const Label* end() const noexcept { return first_ + count_; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return count_; }
    [[nodiscard]] constexpr bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] constexpr const Label& operator[](std::size_t i) const noexcept { return first_[i]; }

    /// False where the sender wrote no set at all (or null), true for one with no labels in it.
    [[nodiscard]] constexpr bool present() const noexcept { return first_ != nullptr; }

    /// The label of that name (bytes compared, case counts), or null. Linear: sets are small.
    [[nodiscard]] constexpr const Label* find(std::string_view name) const noexcept {
        for (const Label& label : *this) {
            if (label.name == name) return &label;
        }
        return nullptr;
    }

    /// The value of that name; an empty view (with null data) where there is none.
    [[nodiscard]] constexpr std::string_view get(std::string_view name) const noexcept {
        const Label* label = find(name);
        return label != nullptr ? label->value : std::string_view{};
    }

    friend constexpr bool operator==(Labels a, Labels b) noexcept {
        if (a.size() != b.size()) return false;
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (!(a[i] == b[i])) return false;
        }
        return true;
    }

 private:
    const Label* first_ = nullptr;
    std::size_t count_ = 0;
};

}  // namespace alertmap::inline v0_1
