#pragma once

#include "core/making/make_zoo.h"
#include "core/making/mnist_family.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace rnnscope::test {

/// Three runs of small networks, a second's work at most.
making::Recipe smallLanguages();
making::Recipe smallMnist();
/// `count` digits of noise around bars, the same every time; their labels say where the bar is.
tasks::Digits someDigits(std::size_t count);
std::shared_ptr<const making::DigitSet> someDigitSet(std::size_t count = 100);
/// The family of the recipe, digits by someDigitSet().
std::unique_ptr<making::Family> familyOf(const making::Recipe& recipe);

/// Groups of `size` networks, each on the CPU's trainer.
rnn::TrainerKind groupsOf(std::size_t size, int groupsAtOnce = 1);

/// Every dataset and attribute but `provenance` of two HDF5 files, bit for bit; the first that differs, or empty.
std::string firstDifference(const std::filesystem::path& one, const std::filesystem::path& other);

/// Keeps the notes.
class NotingProgress final : public Progress
{
public:
    void begin(std::string_view what, std::size_t total) override;
    void update(std::size_t done) override;
    void note(std::string_view message) override { notes.emplace_back(message); }

    std::vector<std::string> notes;
    std::vector<std::string> began;
    std::size_t largest = 0; ///< update told since the last begin()
    std::size_t total = 0;
};

/// A folder of its own to make zoos in.
class MakingTest : public testing::Test
{
protected:
    std::filesystem::path folder;
    std::filesystem::path zooPath;
    NotingProgress progress;

    void SetUp() override;
    void TearDown() override { std::filesystem::remove_all(folder); }

    Result<making::Made> make(const making::Recipe& recipe, const std::filesystem::path& output,
                              const rnn::TrainerKind& trainers = rnn::cpuTrainers(2), bool force = false,
                              std::stop_token stop = {});
    std::filesystem::path partsOf(const std::filesystem::path& output) const;
};

} // namespace rnnscope::test
