#include "core/engine/engine.h"

namespace rnnscope::engine {

Result<Precision> parsePrecision(std::string_view text)
{
    for (const Precision precision : {Precision::Float32, Precision::BFloat16})
        if (text == name(precision))
            return precision;
    return fail(Errc::BadValue, fmt::format("there is no precision \"{}\": expected fp32 or bf16", text));
}

std::string_view name(Precision precision)
{
    return precision == Precision::Float32 ? "fp32" : "bf16";
}

} // namespace rnnscope::engine
