#pragma once

#include "core/zoo/hdf5.h"
#include "core/zoo/hdf5_sink.h"

#include <span>
#include <string_view>

namespace rnnscope::zoo::hdf5 {

/// How the datasets of a file lie in it.
enum class Packing {
    Plain, ///< contiguous
    Checksums, ///< a chunk a row, each with its checksum
    Deflated, ///< large ones shuffled and deflated, in one piece
};

enum class Store { Float16, Float32, Float64, Int8, Int16, Int64 };

/// A file, group or dataset being written. Throws Failure naming the target, with "No space left on device" and the
/// like where the system said so.
class Writer
{
public:
    /// `file` is created; messages name `target`. Metadata carries checksums (HDF5 1.8's formats).
    static Writer createFile(const fs::path& file, const fs::path& target, Packing packing = Packing::Plain);

    Writer group(const std::string& name) const;
    /// Every row must be written; others hold whatever the disk gives.
    Writer dataset(const std::string& name, Store store, std::span<const std::size_t> shape) const;
    /// Rows [first, first + values.size() / rowSize) of this dataset.
    void writeRows(std::size_t first, std::span<const float> values) const;
    void writeRows(std::size_t first, std::span<const double> values) const;
    void writeRows(std::size_t first, std::span<const std::int64_t> values) const;
    /// dataset() and writeRows() at once.
    template <typename T>
    Writer array(const std::string& name, Store store, std::span<const std::size_t> shape,
                 std::span<const T> values) const
    {
        Writer written = dataset(name, store, shape);
        written.writeRows(0, values);
        return written;
    }

    /// A dataset of variable-length texts; those below are attributes.
    void textArray(const std::string& name, const std::vector<std::string>& values) const;

    void text(const std::string& name, std::string_view value) const;
    void texts(const std::string& name, const std::vector<std::string>& values) const;
    void integer(const std::string& name, std::int64_t value) const;
    void boolean(const std::string& name, bool value) const; ///< h5py's enum
    void real(const std::string& name, double value) const;
    void reals(const std::string& name, std::span<const std::size_t> shape, std::span<const double> values) const;

    hid_t id() const { return m_handle.get(); }
    /// Of the file: the last chance to find that the disk is full. Everything else in it must be closed before.
    void close();

private:
    Writer(Handle handle, fs::path target, std::shared_ptr<SinkState> state);
    void check(herr_t status, const std::string& what) const;
    [[noreturn]] void cannotWrite(const std::string& what) const;
    void attribute(const std::string& name, hid_t type, hid_t space, const void* value) const;
    void writeSlab(std::size_t first, std::size_t count, hid_t memoryType, const void* values) const;
    std::size_t rowSize() const;

    Handle m_handle;
    fs::path m_target;
    std::shared_ptr<SinkState> m_state; ///< one for the file and all in it
    Packing m_packing = Packing::Plain;
    std::vector<std::size_t> m_shape; ///< datasets only
    Store m_store = Store::Float32;
};

/// Refuses early what will not fit on the disk of `target`.
void checkSpace(const fs::path& target, std::uintmax_t bytes);

/// Names become links: not empty, no '/', not ".".
void checkName(const std::string& what, const std::string& name, const fs::path& target);

} // namespace rnnscope::zoo::hdf5
