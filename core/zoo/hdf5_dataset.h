#pragma once

#include "core/zoo/array_source.h"
#include "core/zoo/hdf5_chunks.h"

namespace rnnscope::zoo::hdf5 {

/// A dataset whose extents have been checked against the file. Contiguous, compact or chunked, filters allowed.
class Dataset : public Node
{
public:
    Dataset(const Node& parent, const std::string& name);

    const std::vector<std::size_t>& shape() const { return m_shape; }
    std::size_t entries() const { return m_entries; }
    bool isHalf() const { return m_half; }
    bool isInteger() const { return m_class == H5T_INTEGER || m_class == H5T_ENUM; } ///< truth values included
    bool isText() const { return m_class == H5T_STRING; }

    std::vector<double> readDoubles() const; ///< the whole dataset
    std::vector<float> readFloats() const; ///< the whole dataset
    std::vector<std::int64_t> readIntegers() const; ///< the whole dataset
    std::vector<std::string> readTexts() const; ///< the whole dataset
    /// As ArraySource::read.
    void read(std::span<const std::size_t> start, std::size_t count, std::span<float> out) const;

    /// Reads on demand; past the library where the numbers lie in one piece.
    static std::shared_ptr<const ArraySource> array(Dataset dataset);

private:
    void checkStorage(std::size_t needed);
    std::vector<std::byte> readStored() const; ///< the whole chunked dataset, as it is in the file
    void readChunks(std::span<const hsize_t> start, std::span<const hsize_t> count, std::span<float> out) const;
    std::optional<Scalar> scalar() const; ///< when the file's numbers are ours
    template <typename T>
    std::vector<T> readAll(hid_t memory) const;

    Handle m_type;
    Handle m_space;
    H5T_class_t m_class = H5T_NO_CLASS;
    bool m_half = false;
    std::vector<std::size_t> m_shape;
    std::size_t m_entries = 0;
    std::size_t m_fileSize = 0;
    std::unique_ptr<ChunkReader> m_chunks; ///< only of chunked ones
};

} // namespace rnnscope::zoo::hdf5
