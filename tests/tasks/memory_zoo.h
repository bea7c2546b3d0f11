#pragma once

#include "core/zoo/zoo.h"

#include <memory>
#include <string>
#include <vector>

namespace rnnscope::test {

/// Parameters in memory. Row `broken` cannot be read.
class MemoryParameters final : public zoo::ParameterSource
{
public:
    MemoryParameters(std::vector<std::vector<float>> rows, std::size_t broken);
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override;
    bool isHalf() const override { return false; }

private:
    std::vector<std::vector<float>> m_rows;
    std::size_t m_broken;
};

constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);

/// A zoo with one `task` a row, all of one length.
zoo::Zoo memoryZoo(zoo::TaskFamily family, const zoo::Architecture& architecture,
                   const std::vector<std::vector<float>>& parameters, const std::vector<std::vector<double>>& tasks,
                   std::size_t broken = kNoRow);

/// One of the two thinned copies in tests/data/reference/zoo, or the whole where RNNSCOPE_REFERENCE says it lies.
/// Throws when it cannot be opened.
std::shared_ptr<const zoo::Zoo> referenceZoo(const std::string& folder);

std::vector<std::size_t> allRows(const zoo::Zoo& zoo);

} // namespace rnnscope::test
