#include "core/weights/labels_csv.h"

#include <cstdint>
#include <cstdlib>

/// The bytes are a table; what is parsed labels the files that it names itself and one that it does not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    namespace weights = rnnscope::weights;
    const auto table = weights::parseLabels({reinterpret_cast<const char*>(data), size}, "labels.csv");
    if (!table)
        return 0;
    std::vector<rnnscope::fs::path> files {"another.pt"};
    for (const std::string& file : table->files)
        files.emplace_back("/folder/" + file);
    std::vector<std::string> notes;
    for (const auto& property : weights::labelsOf(*table, files, notes)) {
        if (property.values.size() != files.size() * property.columns)
            std::abort();
        for (const double value : property.values)
            if (!property.labels.empty() && value >= static_cast<double>(property.labels.size()))
                std::abort();
    }
    return 0;
}
