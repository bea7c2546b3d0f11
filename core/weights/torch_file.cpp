#include "core/weights/torch_file.h"

#include "core/base/printable.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace rnnscope::weights {

namespace {

/// Bytes that are fetched and converted at once.
constexpr std::size_t kPiece = std::size_t {16} << 20U;

/// Row-major without holes.
bool isDense(const std::vector<std::size_t>& shape, const std::vector<std::size_t>& strides)
{
    std::size_t expected = 1;
    for (std::size_t i = shape.size(); i-- > 0;) {
        if (shape[i] != 1 && strides[i] != expected)
            return false;
        expected *= shape[i];
    }
    return true;
}

/// Goes through a tensor's entries in row-major order.
class Odometer
{
public:
    Odometer(const std::vector<std::size_t>& shape, const std::vector<std::size_t>& strides)
        : m_shape(shape)
        , m_strides(strides)
        , m_index(shape.size(), 0)
    {
    }

    std::size_t place() const { return m_place; } ///< of the present entry, in entries of the storage
    void advance()
    {
        for (std::size_t i = m_shape.size(); i-- > 0;) {
            m_place += m_strides[i];
            if (++m_index[i] < m_shape[i])
                return;
            m_place -= m_index[i] * m_strides[i];
            m_index[i] = 0;
        }
    }

private:
    const std::vector<std::size_t>& m_shape;
    const std::vector<std::size_t>& m_strides;
    std::vector<std::size_t> m_index;
    std::size_t m_place = 0;
};

} // namespace

TorchFile::TorchFile(fs::path path, Format format, TorchTensors tensors)
    : TensorFile(std::move(path), format)
    , m_storages(std::move(tensors.storages))
    , m_views(std::move(tensors.views))
{
    m_tensors = std::move(tensors.infos);
}

std::string TorchFile::storageText(std::size_t storage) const
{
    const TorchStorage& at = m_storages[storage];
    const std::string user
        = at.user == TorchStorage::kUnused ? "" : fmt::format(" of the tensor {}", printable(m_tensors[at.user].name));
    return fmt::format("{}: the storage {}{}", path().string(), printable(at.key), user);
}

Result<void> TorchFile::read(std::size_t tensor, std::span<float> out) const
{
    const TensorInfo& info = m_tensors[tensor];
    const TorchView& view = m_views[tensor];
    const auto refuse = [&](std::string_view why) {
        return fail(Errc::BadFormat, fmt::format("{}: the tensor {} {}", path().string(), printable(info.name), why));
    };
    if (out.size() != info.entries())
        return refuse(fmt::format("has {} entries, {} were asked for", info.entries(), out.size()));
    if (info.dtype == Dtype::Boolean || info.dtype == Dtype::Other)
        return refuse(fmt::format("is of {}, expected floats or integers", view.type->dtype));
    if (out.empty())
        return {};
    try {
        if (isDense(info.shape, view.strides))
            return readDense(view, out);
        if (view.span > kMostBytes / view.type->size)
            return refuse(fmt::format("is spread over {} entries, too many to read at once", view.span));
        return readStrided(view, info, out);
    } catch (const std::bad_alloc&) {
        return refuse("does not fit into memory");
    }
}

void TorchFile::convert(const TorchView& view, std::span<std::byte> bytes, std::span<float> out) const
{
    if (bigEndian())
        swapBytes(bytes, view.type->size);
    toFloats(view.type->element, bytes, out);
}

Result<void> TorchFile::readDense(const TorchView& view, std::span<float> out) const
{
    if (view.type->element == TorchElement::Float32) {
        const auto bytes = std::as_writable_bytes(out);
        auto fetched = fetch(view.storage, view.offset, bytes);
        if (fetched && bigEndian())
            swapBytes(bytes, sizeof(float));
        return fetched;
    }
    const std::size_t most = kPiece / view.type->size;
    std::vector<std::byte> piece(std::min(out.size(), most) * view.type->size);
    for (std::size_t done = 0; done < out.size();) {
        const auto part = out.subspan(done, std::min(most, out.size() - done));
        const auto bytes = std::span(piece).first(part.size() * view.type->size);
        if (auto fetched = fetch(view.storage, view.offset + done * view.type->size, bytes); !fetched)
            return fetched;
        convert(view, bytes, part);
        done += part.size();
    }
    return {};
}

Result<void> TorchFile::readStrided(const TorchView& view, const TensorInfo& info, std::span<float> out) const
{
    const std::size_t size = view.type->size;
    std::vector<std::byte> all(view.span * size);
    if (auto fetched = fetch(view.storage, view.offset, all); !fetched)
        return fetched;
    constexpr std::size_t kRun = 4096; // entries gathered before they are converted
    std::vector<std::byte> gathered(std::min(kRun, out.size()) * size);
    Odometer at(info.shape, view.strides);
    for (std::size_t done = 0; done < out.size();) {
        const auto part = out.subspan(done, std::min(kRun, out.size() - done));
        for (std::size_t i = 0; i < part.size(); ++i, at.advance())
            std::memcpy(gathered.data() + i * size, all.data() + at.place() * size, size);
        convert(view, std::span(gathered).first(part.size() * size), part);
        done += part.size();
    }
    return {};
}

} // namespace rnnscope::weights
