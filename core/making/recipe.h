#pragma once

#include "core/base/result.h"
#include "core/zoo/architecture.h"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace rnnscope::making {

/// Formal languages a^n b^(n+m1) …: Herrmann et al. 2024, section 5.
struct LanguageRecipe
{
    std::size_t letters = 4; ///< V; tasks are drawn with each difference from -3 to 2
    int maxN = 10; ///< trained on n up to maxN - 1, tried on maxN to 2 maxN - 1
    std::size_t length = 42; ///< T, tokens of a sequence, begin included
    std::size_t samples = 1000; ///< strings a network is judged by
    std::vector<int> task {}; ///< (0, m1, m2, …); empty: drawn for every run
};

/// Digits rotated by one angle a run, tile by tile.
struct MnistRecipe
{
    std::size_t tileSide = 4; ///< pixels
    std::optional<double> angle {}; ///< degrees; empty: drawn for every run
    std::size_t mostDigits = 13000; ///< a network is judged by at most so many training and so many held-out digits
};

/// All that decides what is in a zoo.
struct Recipe
{
    zoo::TaskFamily family = zoo::TaskFamily::FormalLanguage;
    zoo::Cell cell = zoo::Cell::Lstm;
    std::size_t hidden = 32; ///< H
    std::size_t layers = 2; ///< L
    std::size_t runs = 1;
    std::size_t steps = 20000; ///< the step of the last snapshot
    std::vector<std::size_t> snapshots {0, 100, 200, 500, 1000, 2000, 5000, 10000, 20000};
    std::size_t batch = 32; ///< sequences an update
    double learningRate = 0.01; ///< at step 0
    std::optional<double> weightDecay {}; ///< empty: 1e-4 for languages, drawn for every run for MNIST
    std::size_t sequences = 100; ///< S, roll-outs kept of every network
    std::uint64_t seed = 1;
    bool half = false; ///< float16 parameters
    std::string device = "cpu"; ///< whose arithmetic it is
    std::string name {}; ///< of the zoo; empty: the authors' way of naming
    LanguageRecipe language {};
    MnistRecipe mnist {};
};

/// What will be trained. The sizes must have passed validate().
zoo::Architecture architectureOf(const Recipe& recipe);
/// Refuses what cannot be made, naming the option.
Result<void> validate(const Recipe& recipe);
/// "formal_languages_tokens_4_length_42_2x32" unless the recipe has a name.
std::string nameOf(const Recipe& recipe);

/// The steps after whose update a network is kept, ascending: those of the recipe up to its last step, and that one.
/// "Step s" is after s + 1 updates. Reference README 26.
std::vector<std::size_t> snapshotSteps(const Recipe& recipe);
/// Of the update at `step`: from the recipe's rate it falls linearly to 0.3 of it at step 10 000, to 0.03 at 20 000 and
/// stays there, however many steps are made.
double learningRateAt(const Recipe& recipe, std::size_t step);

/// All of it that decides datasets, for recognising what belongs together; `data` names the digits.
nlohmann::json toJson(const Recipe& recipe, const std::string& data);
/// "steps is 300 now and was 200"; empty when the two agree.
std::string difference(const nlohmann::json& now, const nlohmann::json& before);

} // namespace rnnscope::making
