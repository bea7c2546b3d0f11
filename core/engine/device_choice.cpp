#include "core/engine/engine.h"

#include <charconv>

namespace rnnscope::engine {

Result<DeviceChoice> parseDevice(std::string_view text)
{
    using Kind = DeviceChoice::Kind;
    if (text == "auto")
        return DeviceChoice {Kind::Auto, 0};
    if (text == "cpu")
        return DeviceChoice {Kind::Cpu, 0};
    if (text == "cuda")
        return DeviceChoice {Kind::Cuda, 0};
    constexpr std::string_view kPrefix = "cuda:";
    if (text.starts_with(kPrefix)) {
        const char* end = text.data() + text.size();
        int index = -1;
        const auto [stop, status] = std::from_chars(text.data() + kPrefix.size(), end, index);
        if (status == std::errc() && stop == end && index >= 0)
            return DeviceChoice {Kind::Cuda, index};
    }
    return fail(Errc::BadValue,
                fmt::format("there is no device \"{}\": expected auto, cpu, cuda or cuda:N with N from 0", text));
}

} // namespace rnnscope::engine
