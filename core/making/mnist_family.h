#pragma once

#include "core/making/family.h"
#include "core/making/recipe.h"
#include "core/tasks/mnist.h"

#include <filesystem>
#include <string>

namespace rnnscope::making {

/// Digits, and which of them are trained on.
struct DigitSet
{
    tasks::Digits digits;
    std::vector<std::size_t> training; ///< the authors' 80 of 100, by a hash of the index
    std::vector<std::size_t> heldOut;
    std::string fingerprint; ///< of pixels and labels
};

/// Splits `digits`, of which some must be on either side.
Result<std::shared_ptr<const DigitSet>> splitDigits(tasks::Digits digits);
/// The 60 000 training digits in a folder of MNIST's four files; as the authors', zoos take no others.
Result<std::shared_ptr<const DigitSet>> readDigits(const std::filesystem::path& folder);

/// Sequential MNIST, one rotation and weight decay a run: batches of the training digits, shuffled every time round;
/// networks judged on as many training and held-out digits as the recipe says. `recipe` must have passed validate().
std::unique_ptr<Family> mnistFamily(const Recipe& recipe, std::shared_ptr<const DigitSet> digits);

} // namespace rnnscope::making
