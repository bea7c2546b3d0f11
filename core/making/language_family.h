#pragma once

#include "core/making/family.h"
#include "core/making/recipe.h"

namespace rnnscope::making {

/// Formal languages, one task a run: batches of its strings, n uniform; networks judged by the strings they write and
/// by how they read strings of the trained range and longer ones. `recipe` must have passed validate().
std::unique_ptr<Family> languageFamily(const Recipe& recipe);

} // namespace rnnscope::making
