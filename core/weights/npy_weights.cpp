#include "core/weights/npy_array.h"
#include "core/weights/readers.h"

namespace rnnscope::weights {

namespace {

class NpyFile final : public TensorFile
{
public:
    NpyFile(std::shared_ptr<const MappedFile> file, NpyArray array)
        : TensorFile(file->path(), Format::Npy)
        , m_file(std::move(file))
        , m_array(std::move(array))
    {
        m_tensors.push_back(m_array.info);
    }

    Result<void> read(std::size_t tensor, std::span<float> out) const override
    {
        if (auto fits = checkReadable(*this, tensor, out); !fits)
            return fits;
        return readNpyArray(m_array, bytesOf(m_file), out);
    }

private:
    std::shared_ptr<const MappedFile> m_file;
    NpyArray m_array;
};

} // namespace

OpenedFile openNpy(const std::shared_ptr<const MappedFile>& file)
{
    try {
        auto array = openNpyArray(file->path().string(), "array", file->size(), bytesOf(file));
        if (!array)
            return forward(array);
        return std::make_shared<NpyFile>(file, std::move(*array));
    } catch (const std::bad_alloc&) {
        return fail(Errc::Io, fmt::format("not enough memory for {}", file->path().string()));
    }
}

} // namespace rnnscope::weights
