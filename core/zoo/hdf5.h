#pragma once

#include "core/base/mapped_file.h"
#include "core/zoo/hdf5_structure.h"

#include <hdf5.h>

#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

/// HDF5's C interface behind values that close themselves. Private to the rooms that read and write HDF5. Functions
/// here throw Failure; guarded() turns it into a Result at the room's border.
namespace rnnscope::zoo::hdf5 {

struct Failure
{
    Error error;
};

[[noreturn]] void raise(Errc code, std::string message, std::string detail = {});

template <typename T>
T unwrap(Result<T> result)
{
    if (!result)
        throw Failure {std::move(result.error())};
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

/// Runs `work`, which returns T or Result<T>, and turns what it throws into an error about `path`.
template <typename Work>
auto guarded(const fs::path& path, Work&& work)
{
    using Value = std::invoke_result_t<Work>;
    try {
        if constexpr (std::is_void_v<Value>) {
            work();
            return Result<void> {};
        } else {
            return Result<Value> {work()};
        }
    } catch (Failure& failure) {
        return Result<Value> {tl::make_unexpected(std::move(failure.error))};
    } catch (const std::bad_alloc&) {
        return Result<Value> {fail(Errc::Io, fmt::format("not enough memory for {}", path.string()))};
    }
}

/// Held around every call of the library: one mutex for the process unless the library was built thread-safe. Also
/// keeps the library from printing its errors. Recursive.
class Lock
{
public:
    Lock();
    ~Lock();
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

private:
    bool m_held = false;
};

/// Owns an identifier of the library.
class Handle
{
public:
    using Closer = herr_t (*)(hid_t);
    Handle() = default;
    /// Throws with the library's own words as detail when `id` is negative.
    Handle(hid_t id, Closer closer, const std::string& failed);
    Handle(Handle&& other) noexcept;
    Handle& operator=(Handle&& other) noexcept;
    ~Handle();

    hid_t get() const { return m_id; }
    /// Negative when the library could not; the destructor ignores that.
    herr_t close();

private:
    hid_t m_id = H5I_INVALID_HID;
    Closer m_closer = nullptr;
};

/// What the library said last, innermost call first; empties its stack.
std::string lastError();

/// IEEE binary16, as h5py writes numpy.float16.
Handle halfType();
/// Variable-length UTF-8.
Handle textType();

/// Where the HDF5 signature is (0, 512, 1024, …); nothing when the file is not HDF5.
std::optional<std::size_t> signatureOffset(const fs::path& path);
std::optional<std::size_t> signatureOffset(const MappedFile& file);

/// Is this one of IEEE's floats, an integer of 8 to 64 bits, an enum of those, or text? Others make the library's
/// conversions read outside their buffers when the file is damaged.
bool isUsableType(hid_t type);

/// A file, group or dataset to read from, with the name it has in messages.
class Node
{
public:
    /// Checks signature, length and structure (hdf5_structure.h) before the library sees the file.
    static Node openFile(const fs::path& path);
    static Node openFile(std::shared_ptr<const MappedFile> bytes);

    hid_t id() const { return m_handle.get(); }
    const fs::path& file() const { return m_bytes->path(); }
    const std::shared_ptr<const MappedFile>& bytes() const { return m_bytes; }
    /// "/data/a.h5" or "/architecture of /data/a.h5".
    std::string where() const;

    /// Is there a link of this name here? Links into other files do not count.
    bool has(const std::string& name) const;
    Node group(const std::string& name) const; ///< NotFound when absent
    Handle openObject(const std::string& name) const; ///< group or dataset; NotFound when absent
    std::string innerName(const std::string& name) const { return m_inner + "/" + name; }
    /// Names of what is in this group, ascending.
    std::vector<std::string> members() const;

    bool hasAttribute(const std::string& name) const;
    std::string text(const std::string& name) const; ///< fixed or variable length
    std::vector<std::string> texts(const std::string& name) const;
    std::int64_t integer(const std::string& name) const; ///< any width, enum too
    bool boolean(const std::string& name) const; ///< enum or integer
    double real(const std::string& name) const;
    /// Attributes `format` and `version`.
    void expectFormat(const std::string& format, std::int64_t version) const;

protected:
    /// An object inside `parent`.
    Node(Handle handle, const Node& parent, const std::string& name);
    /// Text entries of any string type, read by `read(type, buffer)`; `where` is for messages.
    std::vector<std::string> decodeTexts(const Handle& type, const Handle& space, std::size_t limit,
                                         const std::string& where,
                                         const std::function<herr_t(hid_t, void*)>& read) const;

private:
    struct Attribute;
    Node(Handle handle, std::shared_ptr<const MappedFile> bytes, std::size_t base,
         std::shared_ptr<Structure> structure);
    Attribute openAttribute(const std::string& name) const;
    std::vector<std::string> attributeTexts(const Attribute& attribute) const;

    Handle m_handle;
    std::shared_ptr<const MappedFile> m_bytes;
    std::shared_ptr<Structure> m_structure;
    std::size_t m_base = 0; ///< where the HDF5 signature is
    std::string m_inner; ///< empty for the file itself
};

} // namespace rnnscope::zoo::hdf5
