#include "tasks/memory_zoo.h"

#include "tasks/golden_file.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace rnnscope::test {

MemoryParameters::MemoryParameters(std::vector<std::vector<float>> rows, std::size_t broken)
    : m_rows(std::move(rows))
    , m_broken(broken)
{
}

Result<void> MemoryParameters::read(std::size_t first, std::size_t count, std::span<float> out) const
{
    for (std::size_t row = first; row < first + count; ++row) {
        if (row == m_broken)
            return fail(Errc::Io, "row " + std::to_string(row) + " cannot be read");
        const auto& values = m_rows.at(row);
        std::copy(values.begin(), values.end(),
                  out.begin() + static_cast<std::ptrdiff_t>((row - first) * values.size()));
    }
    return {};
}

zoo::Zoo memoryZoo(zoo::TaskFamily family, const zoo::Architecture& architecture,
                   const std::vector<std::vector<float>>& parameters, const std::vector<std::vector<double>>& tasks,
                   std::size_t broken)
{
    zoo::Zoo zoo;
    zoo.name = "memory";
    zoo.family = family;
    zoo.architecture = architecture;
    zoo.size = parameters.size();
    zoo.parameters = std::make_shared<MemoryParameters>(parameters, broken);
    zoo::Property task;
    task.name = "task";
    task.columns = tasks.front().size();
    for (const auto& row : tasks)
        task.values.insert(task.values.end(), row.begin(), row.end());
    zoo.properties.push_back(task);
    return zoo;
}

std::shared_ptr<const zoo::Zoo> referenceZoo(const std::string& folder)
{
    auto zoo = zoo::openZoo(referencePath(folder));
    if (!zoo)
        throw std::runtime_error(zoo.error().message);
    return *zoo;
}

std::vector<std::size_t> allRows(const zoo::Zoo& zoo)
{
    std::vector<std::size_t> rows(zoo.size);
    std::iota(rows.begin(), rows.end(), std::size_t {0});
    return rows;
}

} // namespace rnnscope::test
