#pragma once

#include "core/zoo/checkpoint.h"

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace rnnscope::test {

/// One HDF5 file of reference arrays. Anything missing throws std::runtime_error, which fails the test.
class Golden
{
public:
    /// `path` inside the reference folder, e.g. "encoders_tiny/formal_flat.h5".
    explicit Golden(const std::filesystem::path& path);
    ~Golden();
    Golden(const Golden&) = delete;
    Golden& operator=(const Golden&) = delete;

    bool has(const std::string& object) const;
    std::vector<std::string> children(const std::string& group) const;
    /// float32, or int64 where the file has integers.
    at::Tensor tensor(const std::string& dataset) const;
    double number(const std::string& object, const std::string& attribute) const;
    std::string text(const std::string& object, const std::string& attribute) const;
    nlohmann::json json(const std::string& object, const std::string& attribute) const;
    zoo::State state(const std::string& group) const;
    /// From attribute parameter_shapes.
    zoo::Architecture architecture(const std::string& object) const;

private:
    std::int64_t m_file;
};

/// The folder RNNSCOPE_REFERENCE, or the part of it that is copied to tests/data/reference.
std::filesystem::path referenceFolder();
/// Names without ".h5", below the reference folder: "encoders_tiny/formal_flat". Empty when there is no such folder.
std::vector<std::string> goldenFiles(const std::string& folder);
/// "encoders_tiny_formal_flat", as gtest wants names.
std::string testName(const std::string& name);

/// The project's config for a golden's constructor arguments, as shared/tools/golden_to_files.py makes it.
zoo::EncoderConfig encoderConfig(const nlohmann::json& golden);
/// The same from the class name and arguments in training_steps.
zoo::EncoderConfig trainingStepConfig(const nlohmann::json& golden, const zoo::Architecture& rnn);

double largestDifference(const at::Tensor& a, const at::Tensor& b);

} // namespace rnnscope::test
