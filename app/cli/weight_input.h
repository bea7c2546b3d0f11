#pragma once

#include "app/cli/command.h"
#include "core/weights/identify.h"
#include "core/weights/weight_zoo.h"

#include <memory>
#include <string>
#include <vector>

namespace rnnscope::cli {

/// What the user says of weight files: --rnn, --rnn-prefix, --head, --labels.
struct WeightOptions
{
    weights::Choices choices;
    std::string labels;
};

/// --rnn, --rnn-prefix and --head.
void addWeightChoices(CLI::App& command, WeightOptions& options);
/// The same and --labels.
void addWeightOptions(CLI::App& command, WeightOptions& options);

/// One zoo that the inputs hold.
struct ZooInput
{
    std::shared_ptr<const zoo::Zoo> zoo;
    bool fromFolder = false; ///< of weight files: not every one need fit
};

/// What a file is; what is none of the kinds is an error that names it.
Result<weights::InputKind> identifyInput(const std::string& path);

/// Zoos, and weight files and folders of them as zoos, one per architecture. What is to say of weight files goes to
/// the notes; in a folder those that cannot be loaded are left out with a note, a file by its name is an error.
Result<std::vector<ZooInput>> openZooInputs(const std::vector<std::string>& paths, const WeightOptions& options,
                                            Context& context);
/// All of the inputs as one zoo; when the networks differ in shape the error names an odd file.
Result<std::shared_ptr<const zoo::Zoo>> openZooInput(const std::vector<std::string>& paths,
                                                     const WeightOptions& options, Context& context);

} // namespace rnnscope::cli
