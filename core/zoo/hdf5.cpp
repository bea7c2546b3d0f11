#include "core/zoo/hdf5.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <string_view>
#include <utility>

namespace rnnscope::zoo::hdf5 {

namespace {

std::recursive_mutex& libraryMutex()
{
    static std::recursive_mutex mutex;
    return mutex;
}

bool libraryIsThreadSafe()
{
    static const bool safe = [] {
        hbool_t threadSafe = 0;
        return H5is_library_threadsafe(&threadSafe) >= 0 && threadSafe;
    }();
    return safe;
}

extern "C" herr_t appendError(unsigned, const H5E_error2_t* error, void* text)
{
    auto& out = *static_cast<std::string*>(text);
    if (error->desc != nullptr && out.size() < 2000)
        out += (out.empty() ? "" : "; ") + std::string(error->desc);
    return 0;
}

std::uint64_t littleEndian(std::string_view bytes, std::size_t at, std::size_t width)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
        value |= std::uint64_t {static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    return value;
}

/// The superblock says how long the file was when it was closed; the library's own refusal is not for people.
void refuseCutFile(const fs::path& path, std::uintmax_t size)
{
    constexpr std::size_t kHead = 56;
    const auto head = readHead(path, kHead);
    if (!head || head->size() < kHead)
        raise(Errc::BadFormat, path.string() + " is cut short inside its HDF5 header");
    const auto version = static_cast<unsigned char>((*head)[8]);
    const auto width = static_cast<std::size_t>((*head)[version < 2 ? 13 : 9]);
    const std::size_t endAt = version == 0 ? 40 : version == 1 ? 44 : 28;
    if (width != 8)
        return; // the library knows such files, or refuses them
    const std::uint64_t end = littleEndian(*head, endAt, 8);
    if (end > size)
        raise(Errc::BadFormat,
              fmt::format("{} is cut short: it has {} bytes, its HDF5 header says {}", path.string(), size, end));
}

} // namespace

void raise(Errc code, std::string message, std::string detail)
{
    throw Failure {{code, std::move(message), std::move(detail)}};
}

Lock::Lock()
{
    if (!libraryIsThreadSafe()) {
        libraryMutex().lock();
        m_held = true;
    }
    thread_local bool quiet = false; // the library keeps its error settings by thread
    if (!quiet)
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    quiet = true;
}

Lock::~Lock()
{
    if (m_held)
        libraryMutex().unlock();
}

Handle::Handle(hid_t id, Closer closer, const std::string& failed)
    : m_id(id)
    , m_closer(closer)
{
    if (id < 0)
        raise(Errc::BadFormat, failed, lastError());
}

Handle::Handle(Handle&& other) noexcept
    : m_id(std::exchange(other.m_id, H5I_INVALID_HID))
    , m_closer(other.m_closer)
{
}

Handle& Handle::operator=(Handle&& other) noexcept
{
    if (this != &other) {
        close();
        m_id = std::exchange(other.m_id, H5I_INVALID_HID);
        m_closer = other.m_closer;
    }
    return *this;
}

Handle::~Handle()
{
    close();
}

herr_t Handle::close()
{
    if (m_id < 0)
        return 0;
    const Lock lock;
    return m_closer(std::exchange(m_id, H5I_INVALID_HID));
}

std::string lastError()
{
    const Lock lock;
    std::string text;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, appendError, &text);
    H5Eclear2(H5E_DEFAULT);
    return text;
}

Handle halfType()
{
    const Lock lock;
    Handle type(H5Tcopy(H5T_IEEE_F32LE), H5Tclose, "cannot make the float16 type");
    H5Tset_fields(type.get(), 15, 10, 5, 0, 10);
    H5Tset_size(type.get(), 2);
    H5Tset_ebias(type.get(), 15);
    return type;
}

Handle textType()
{
    const Lock lock;
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "cannot make the text type");
    H5Tset_size(type.get(), H5T_VARIABLE);
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    return type;
}

std::optional<std::size_t> signatureOffset(const fs::path& path)
{
    constexpr std::string_view kSignature("\x89HDF\r\n\x1a\n", 8);
    constexpr std::size_t kSearched = 8192 + 8;
    const auto head = readHead(path, kSearched);
    if (!head)
        return {};
    for (std::size_t at = 0; at + kSignature.size() <= head->size(); at = at == 0 ? 512 : at * 2)
        if (std::string_view(*head).substr(at, kSignature.size()) == kSignature)
            return at;
    return {};
}

bool isUsableType(hid_t type)
{
    const H5T_class_t kind = H5Tget_class(type);
    if (kind == H5T_STRING)
        return true;
    if (kind == H5T_ENUM) {
        const Handle base(H5Tget_super(type), H5Tclose, "a type is damaged");
        return H5Tget_class(base.get()) == H5T_INTEGER && isUsableType(base.get());
    }
    if (kind == H5T_FLOAT && H5Tequal(type, halfType().get()) > 0)
        return true;
    for (const hid_t known :
         {H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_IEEE_F32BE, H5T_IEEE_F64BE, H5T_STD_I8LE,  H5T_STD_I16LE, H5T_STD_I32LE,
          H5T_STD_I64LE,  H5T_STD_U8LE,   H5T_STD_U16LE,  H5T_STD_U32LE,  H5T_STD_U64LE, H5T_STD_I8BE,  H5T_STD_I16BE,
          H5T_STD_I32BE,  H5T_STD_I64BE,  H5T_STD_U8BE,   H5T_STD_U16BE,  H5T_STD_U32BE, H5T_STD_U64BE})
        if (H5Tequal(type, known) > 0)
            return true;
    return false;
}

Node::Node(Handle handle, std::shared_ptr<const MappedFile> bytes, std::size_t base)
    : m_handle(std::move(handle))
    , m_bytes(std::move(bytes))
    , m_base(base)
{
}

Node::Node(Handle handle, const Node& parent, const std::string& name)
    : m_handle(std::move(handle))
    , m_bytes(parent.m_bytes)
    , m_base(parent.m_base)
    , m_inner(parent.innerName(name))
{
}

Node Node::openFile(const fs::path& path)
{
    auto bytes = unwrap(MappedFile::open(path));
    const auto signature = signatureOffset(path);
    if (!signature)
        raise(Errc::BadFormat, path.string() + " is not an HDF5 file");
    if (*signature == 0)
        refuseCutFile(path, bytes->size());
    const Lock lock;
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "cannot open HDF5 files");
    H5Pset_file_locking(access.get(), false, true); // read-only folders and network drives refuse locks
    constexpr std::size_t kChunkCache = std::size_t {32} << 20; // larger chunks are unpacked again for every row
    H5Pset_cache(access.get(), 0, 521, kChunkCache, 0.75);
    Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose,
                path.string() + " is not a readable HDF5 file, it is damaged");
    return Node(std::move(file), std::move(bytes), *signature);
}

std::string Node::where() const
{
    return m_inner.empty() ? file().string() : fmt::format("{} of {}", m_inner, file().string());
}

bool Node::has(const std::string& name) const
{
    const Lock lock;
    H5L_info_t info;
    const bool found = H5Lexists(id(), name.c_str(), H5P_DEFAULT) > 0
        && H5Lget_info(id(), name.c_str(), &info, H5P_DEFAULT) >= 0 && info.type != H5L_TYPE_EXTERNAL;
    H5Eclear2(H5E_DEFAULT);
    return found;
}

Handle Node::openObject(const std::string& name) const
{
    const Lock lock;
    if (!has(name))
        raise(Errc::NotFound, fmt::format("{} has no {}", file().string(), innerName(name)));
    return {H5Oopen(id(), name.c_str(), H5P_DEFAULT), H5Oclose,
            fmt::format("{} of {} is damaged", innerName(name), file().string())};
}

Node Node::group(const std::string& name) const
{
    const Lock lock;
    Handle object = openObject(name);
    if (H5Iget_type(object.get()) != H5I_GROUP)
        raise(Errc::BadFormat, fmt::format("{} of {} is not a group", innerName(name), file().string()));
    return Node(std::move(object), *this, name);
}

std::vector<std::string> Node::members() const
{
    const Lock lock;
    constexpr hsize_t kMost = 100'000;
    H5G_info_t info;
    if (H5Gget_info(id(), &info) < 0 || info.nlinks > kMost)
        raise(Errc::BadFormat, where() + " is damaged", lastError());
    std::vector<std::string> names;
    for (hsize_t i = 0; i < info.nlinks; ++i) {
        std::array<char, 1024> name {};
        if (H5Lget_name_by_idx(id(), ".", H5_INDEX_NAME, H5_ITER_INC, i, name.data(), name.size(), H5P_DEFAULT) < 0)
            raise(Errc::BadFormat, where() + " is damaged", lastError());
        names.emplace_back(name.data());
    }
    return names;
}

} // namespace rnnscope::zoo::hdf5
