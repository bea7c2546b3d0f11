#include "core/weights/pickle.h"
#include "core/weights/readers.h"
#include "core/weights/torch_file.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace rnnscope;
using namespace rnnscope::weights;

constexpr std::size_t kMostEntriesRead = std::size_t {1} << 20U;
constexpr std::size_t kMostSpanRead = std::size_t {1} << 24U;

/// A file whose storages hold nothing but a pattern, and which minds where it is read.
class PatternFile : public TorchFile
{
public:
    explicit PatternFile(TorchTensors tensors)
        : TorchFile("pattern.pt", Format::TorchZip, std::move(tensors))
    {
    }

    void readAll(const std::vector<TorchView>& views) const
    {
        std::size_t left = 4 * kMostEntriesRead;
        for (std::size_t i = 0; i < tensors().size(); ++i) {
            const std::size_t entries = tensors()[i].entries();
            if (entries > std::min(kMostEntriesRead, left) || views[i].span > kMostSpanRead)
                continue;
            left -= entries;
            std::vector<float> values(entries);
            static_cast<void>(read(i, values));
        }
    }

protected:
    Result<void> fetch(std::size_t storage, std::size_t offset, std::span<std::byte> out) const override
    {
        const std::size_t size = storages()[storage].size;
        if (offset > size || out.size() > size - offset)
            std::abort();
        std::fill(out.begin(), out.end(), static_cast<std::byte>(offset));
        return {};
    }
};

void readAs(std::string_view bytes, TorchDialect dialect)
{
    Pickle pickle = parsePickle(bytes);
    if (!checkPickle(pickle, dialect, "pattern.pt"))
        return;
    auto tensors = torchTensors(pickle, dialect, "pattern.pt");
    if (!tensors)
        return;
    const auto views = tensors->views;
    PatternFile(std::move(*tensors)).readAll(views);
}

} // namespace

/// The bytes as data.pkl of an archive that has every record that they ask for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    static_cast<void>(looksLikePickle(bytes.substr(0, 512)));
    readAs(bytes, TorchDialect::Python);
    readAs(bytes, TorchDialect::Script);
    return 0;
}
