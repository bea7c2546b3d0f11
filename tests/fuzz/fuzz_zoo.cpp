#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"
#include "fuzz/fuzz_file.h"

#include <algorithm>

namespace {

using namespace rnnscope;

void readRows(const zoo::Zoo& zoo)
{
    constexpr std::size_t kMostParameters = std::size_t {1} << 22U;
    const std::size_t parameters = zoo.architecture.parameterCount();
    if (parameters > kMostParameters)
        return;
    std::vector<float> row(parameters);
    for (std::size_t i = 0; i < std::min<std::size_t>(zoo.size, 4); ++i)
        static_cast<void>(zoo.parameters->read(i, 1, row));
    if (zoo.size > 4)
        static_cast<void>(zoo.parameters->read(zoo.size - 1, 1, row));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const rnnscope::fuzz::FuzzFile file(data, size);
    if (const auto opened = rnnscope::zoo::openZoo(file.path()))
        readRows(**opened);
    static_cast<void>(rnnscope::zoo::openCheckpoint(file.path()));
    return 0;
}
