#pragma once

#include "core/base/result.h"

#include <QString>

#include <cstddef>
#include <vector>

namespace rnnscope::ui {

/// Files that could not be opened, as one message.
struct Refusal
{
    QString message; ///< one sentence: the reason, or how many there were and the first reason
    QString detail; ///< the reasons of several, a line each, at most `kMostReasons`
};

inline constexpr std::size_t kMostReasons = 20;

/// `errors`: at least one; plain text.
Refusal summarise(const std::vector<Error>& errors);

} // namespace rnnscope::ui
