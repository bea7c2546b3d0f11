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

struct Names
{
    std::vector<std::string> found;
    bool tooMany = false;
};

extern "C" herr_t takeName(hid_t, const char* name, const H5L_info_t*, void* names)
{
    constexpr std::size_t kMost = 100'000;
    auto& to = *static_cast<Names*>(names);
    to.tooMany = to.found.size() >= kMost;
    if (to.tooMany)
        return -1;
    try {
        to.found.emplace_back(name);
    } catch (const std::bad_alloc&) { // must not pass the library
        return -1;
    }
    return 0;
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
    const std::string failed = fmt::format("{} of {} is damaged", innerName(name), file().string());
    H5L_info_t info;
    if (H5Lget_info(id(), name.c_str(), &info, H5P_DEFAULT) < 0)
        raise(Errc::BadFormat, failed, lastError());
    if (info.type == H5L_TYPE_HARD)
        m_structure->checkObject(info.u.address);
    else if (m_structure->hasUnlisted())
        raise(Errc::BadFormat,
              fmt::format("{} of {} is a link by name, which this program does not follow in a file of "
                          "this version of HDF5",
                          innerName(name), file().string()));
    return {H5Oopen(id(), name.c_str(), H5P_DEFAULT), H5Oclose, failed};
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
    Names names;
    if (H5Literate(id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, takeName, &names) != 0)
        raise(Errc::BadFormat, where() + (names.tooMany ? " has too much in it" : " is damaged"), lastError());
    return std::move(names.found);
}

} // namespace rnnscope::zoo::hdf5
