#include "fuzz/fuzz_file.h"

#include "core/weights/encoder_state.h"
#include "core/weights/load.h"

#include <cstdlib>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

namespace rnnscope::fuzz {

namespace {

constexpr std::size_t kMostEntriesRead = std::size_t {1} << 22U;

void readTensors(const weights::TensorFile& file)
{
    std::vector<float> values;
    std::size_t left = 4 * kMostEntriesRead;
    for (std::size_t i = 0; i < file.tensors().size(); ++i) {
        const std::size_t entries = file.tensors()[i].entries();
        if (entries > kMostEntriesRead || entries > left)
            continue;
        left -= entries;
        values.resize(entries);
        static_cast<void>(file.read(i, values));
    }
}

} // namespace

FuzzFile::FuzzFile(const std::uint8_t* data, std::size_t size)
    : m_descriptor(::memfd_create("fuzz", MFD_CLOEXEC))
    , m_path(fmt::format("/proc/self/fd/{}", m_descriptor))
{
    for (std::size_t done = 0; done < size;) {
        const ssize_t written = ::write(m_descriptor, data + done, size - done);
        if (written <= 0)
            std::abort();
        done += static_cast<std::size_t>(written);
    }
}

FuzzFile::~FuzzFile()
{
    ::close(m_descriptor);
}

void readWeights(const std::uint8_t* data, std::size_t size)
{
    const FuzzFile bytes(data, size);
    const auto file = weights::openTensorFile(bytes.path());
    if (!file)
        return;
    readTensors(**file);
    if (weights::isEncoderState(**file))
        static_cast<void>(weights::importEncoder(**file, {}));
    const auto inspection = weights::inspect(**file);
    if (inspection)
        for (const auto& stack : inspection->stacks)
            static_cast<void>(weights::readStack(**file, stack));
    static_cast<void>(weights::loadWeights(**file, {}));
}

} // namespace rnnscope::fuzz
