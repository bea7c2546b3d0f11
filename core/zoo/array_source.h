#pragma once

#include "core/base/mapped_file.h"
#include "core/base/result.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace rnnscope::zoo {

/// Little-endian numbers in a file.
enum class Scalar { F2, F4, F8, I1, I2, I4, I8, U1, U2, U4, U8, Bool };

std::size_t byteSize(Scalar scalar);
bool isInteger(Scalar scalar); ///< truth values included
bool isFloat(Scalar scalar);

/// "(72, 13766)"
std::string describeShape(std::span<const std::size_t> shape);
/// Entries of an array of this shape; fails when they or their bytes do not fit 63 bits.
Result<std::size_t> checkedProduct(std::span<const std::size_t> shape, std::size_t bytesPerEntry);

/// A row-major array of numbers in a file, read piece by piece. Safe to call from several threads.
class ArraySource
{
public:
    virtual ~ArraySource();
    virtual const std::vector<std::size_t>& shape() const = 0;
    virtual bool isHalf() const = 0; ///< float16 in the file
    virtual bool isInteger() const = 0;
    /// For messages: "/data/zoo/parameters.npy", "/parameters of /data/zoo.h5".
    virtual std::string where() const = 0;
    /// Entries [start.back(), start.back() + count) along dimension start.size() - 1, at the indices given before it,
    /// with all of the dimensions behind it.
    virtual Result<void> read(std::span<const std::size_t> start, std::size_t count, std::span<float> out) const = 0;

protected:
    /// Entries that `read` has to deliver; refuses what lies outside the array.
    Result<std::size_t> checkedCount(std::span<const std::size_t> start, std::size_t count, std::size_t room) const;
};

/// An array that lies in one piece in a file.
class RawArray final : public ArraySource
{
public:
    /// The caller has checked that the array lies inside the file.
    RawArray(std::shared_ptr<const MappedFile> file, std::size_t offset, Scalar scalar, std::vector<std::size_t> shape,
             std::string where);

    const std::vector<std::size_t>& shape() const override { return m_shape; }
    bool isHalf() const override { return m_scalar == Scalar::F2; }
    bool isInteger() const override { return zoo::isInteger(m_scalar); }
    std::string where() const override { return m_where; }
    Scalar scalar() const { return m_scalar; }
    std::size_t entries() const;
    Result<void> read(std::span<const std::size_t> start, std::size_t count, std::span<float> out) const override;
    /// The whole array; for small ones.
    Result<std::vector<double>> readAll() const;

private:
    template <typename T>
    Result<void> readFlat(std::size_t first, std::span<T> out) const;

    std::shared_ptr<const MappedFile> m_file;
    std::size_t m_offset = 0; ///< bytes
    Scalar m_scalar = Scalar::F4;
    std::vector<std::size_t> m_shape;
    std::string m_where;
};

} // namespace rnnscope::zoo
