#include "core/weights/readers.h"
#include "fuzz/fuzz_file.h"

using rnnscope::fuzz::FuzzFile;

/// Straight to the reader too: what does not begin like a pickle would not get there otherwise.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    rnnscope::fuzz::readWeights(data, size);
    const FuzzFile bytes(data, size);
    if (const auto file = rnnscope::MappedFile::open(bytes.path()))
        static_cast<void>(rnnscope::weights::openTorchLegacy(*file));
    return 0;
}
