#pragma once

#include "core/base/result.h"
#include "core/weights/load.h"

#include <QString>

#include <cstddef>
#include <optional>
#include <vector>

namespace rnnscope::ui {

/// Files that could not be opened, as one message.
struct Refusal
{
    QString message; ///< one sentence: the reason, or how many there were and the first reason
    QString detail; ///< the reasons of several, a line each, at most `kMostReasons`
};

inline constexpr std::size_t kMostReasons = 12;

/// `errors`: at least one; plain text.
Refusal summarise(const std::vector<Error>& errors);

/// That networks with NaN or infinite weights are not on the map; none when all are finite.
std::optional<Refusal> notFinite(const std::vector<weights::LoadReport>& reports);

} // namespace rnnscope::ui
