#include "core/zoo/hdf5.h"

#include <algorithm>
#include <atomic>
#include <string_view>
#include <utility>

namespace rnnscope::zoo::hdf5 {

namespace {

constexpr std::string_view kSignature("\x89HDF\r\n\x1a\n", 8);
constexpr std::size_t kSearched = 8192 + 8;

std::optional<std::size_t> findSignature(std::string_view head)
{
    for (std::size_t at = 0; at + kSignature.size() <= head.size(); at = at == 0 ? 512 : at * 2)
        if (head.substr(at, kSignature.size()) == kSignature)
            return at;
    return {};
}

// The library copies a file in memory when it is given it and again when it opens it; these give it the bytes that are
// there. It only reads them.
extern "C" void* sameImage(std::size_t, H5FD_file_image_op_t, void* bytes)
{
    return bytes;
}
extern "C" void* noCopy(void* to, const void*, std::size_t, H5FD_file_image_op_t, void*)
{
    return to;
}
extern "C" void* noGrowth(void*, std::size_t, H5FD_file_image_op_t, void*)
{
    return nullptr;
}
extern "C" herr_t noFree(void*, H5FD_file_image_op_t, void*)
{
    return 0;
}
extern "C" void* sameBytes(void* bytes)
{
    return bytes;
}
extern "C" herr_t keepBytes(void*)
{
    return 0;
}

/// Returns the name to open; the library takes files of one name for one file.
std::string useMemory(const Handle& access, const MappedFile& bytes)
{
    static std::atomic<unsigned> count = 0;
    constexpr std::size_t kStep = std::size_t {1} << 16;
    void* data = const_cast<std::byte*>(bytes.memory().data()); // see above
    H5FD_file_image_callbacks_t callbacks {sameImage, noCopy, noGrowth, noFree, sameBytes, keepBytes, data};
    if (H5Pset_fapl_core(access.get(), kStep, false) < 0 || H5Pset_file_image_callbacks(access.get(), &callbacks) < 0
        || H5Pset_file_image(access.get(), data, bytes.size()) < 0)
        raise(Errc::Io, "cannot open HDF5 files in memory", lastError());
    return fmt::format("{}#{}", bytes.path().string(), ++count);
}

} // namespace

std::optional<std::size_t> signatureOffset(const fs::path& path)
{
    const auto head = readHead(path, kSearched);
    return head ? findSignature(*head) : std::nullopt;
}

std::optional<std::size_t> signatureOffset(const MappedFile& file)
{
    std::optional<std::size_t> found;
    const auto read = file.use(0, std::min(kSearched, file.size()), [&](std::span<const std::byte> head) {
        found = findSignature({reinterpret_cast<const char*>(head.data()), head.size()});
    });
    return read ? found : std::nullopt;
}

Node::Node(Handle handle, std::shared_ptr<const MappedFile> bytes, std::size_t base,
           std::shared_ptr<Structure> structure)
    : m_handle(std::move(handle))
    , m_bytes(std::move(bytes))
    , m_structure(std::move(structure))
    , m_base(base)
{
}

Node::Node(Handle handle, const Node& parent, const std::string& name)
    : m_handle(std::move(handle))
    , m_bytes(parent.m_bytes)
    , m_structure(parent.m_structure)
    , m_base(parent.m_base)
    , m_inner(parent.innerName(name))
{
}

Node Node::openFile(const fs::path& path)
{
    return openFile(unwrap(MappedFile::open(path)));
}

Node Node::openFile(std::shared_ptr<const MappedFile> bytes)
{
    std::string path = bytes->path().string();
    const auto signature = signatureOffset(*bytes);
    if (!signature)
        raise(Errc::BadFormat, path + " is not an HDF5 file");
    auto structure = Structure::check(bytes, *signature);
    const Lock lock;
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "cannot open HDF5 files");
    H5Pset_file_locking(access.get(), false, true); // read-only folders and network drives refuse locks
    constexpr std::size_t kChunkCache = std::size_t {32} << 20; // larger chunks are unpacked again for every row
    H5Pset_cache(access.get(), 0, 521, kChunkCache, 0.75);
    const std::string failed = path + " is not a readable HDF5 file, it is damaged";
    if (!bytes->memory().empty())
        path = useMemory(access, *bytes);
    Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose, failed);
    return Node(std::move(file), std::move(bytes), *signature, std::move(structure));
}

} // namespace rnnscope::zoo::hdf5
