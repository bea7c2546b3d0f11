#pragma once

#include "app/cli/options.h"
#include "core/making/recipe.h"

#include <optional>
#include <string>

namespace rnnscope::cli {

struct MakeZooArguments
{
    making::Recipe recipe;
    std::optional<std::size_t> letters; ///< empty: 4, or as many as the task has
    std::string mnist;
    std::string output;
    bool force = false;
    DeviceOptions device;
    bool json = false;
};

/// `make-zoo formal-languages` with its options.
CLI::App* addFormalLanguages(CLI::App& command, MakeZooArguments& arguments);
/// `make-zoo sequential-mnist` with its options.
CLI::App* addSequentialMnist(CLI::App& command, MakeZooArguments& arguments);

/// When all options are read: wrong usage where they make no recipe.
void settle(MakeZooArguments& arguments);

} // namespace rnnscope::cli
