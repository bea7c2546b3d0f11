#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace rnnscope::fuzz {

/// The fuzzer's bytes as a file in memory, for readers that open paths.
class FuzzFile
{
public:
    FuzzFile(const std::uint8_t* data, std::size_t size);
    ~FuzzFile();
    FuzzFile(const FuzzFile&) = delete;
    FuzzFile& operator=(const FuzzFile&) = delete;

    const std::filesystem::path& path() const { return m_path; }

private:
    int m_descriptor = -1;
    std::filesystem::path m_path;
};

/// Opens the bytes as a weight file, reads every tensor that is not huge, looks for networks and loads what is found.
void readWeights(const std::uint8_t* data, std::size_t size);

} // namespace rnnscope::fuzz
