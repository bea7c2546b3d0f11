#include "core/zoo/hdf5_sink.h"

#if __has_include(<H5FDdevelop.h>) // HDF5 1.14
#include <H5FDdevelop.h>
#endif
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <type_traits>
#include <unistd.h>

namespace rnnscope::zoo::hdf5 {

namespace {

constexpr haddr_t kLargestAddress = (haddr_t {1} << 62U) - 1;

struct SinkInfo
{
    const std::shared_ptr<SinkState>* state;
};

/// The library sees the first member.
struct SinkFile
{
    H5FD_t base {};
    int descriptor = -1;
    haddr_t endOfAllocation = 0;
    haddr_t endOfFile = 0;
    std::shared_ptr<SinkState> state;
};
static_assert(std::is_standard_layout_v<SinkFile>);

SinkFile& sink(H5FD_t* file)
{
    return *reinterpret_cast<SinkFile*>(file);
}
const SinkFile& sink(const H5FD_t* file)
{
    return *reinterpret_cast<const SinkFile*>(file);
}

void note(SinkFile& file, int error)
{
    if (file.state->error == 0)
        file.state->error = error;
}

H5FD_t* openSink(const char* name, unsigned flags, hid_t access, haddr_t)
{
    const auto* info = static_cast<const SinkInfo*>(H5Pget_driver_info(access));
    if (info == nullptr)
        return nullptr;
    int mode = O_CLOEXEC | ((flags & H5F_ACC_RDWR) != 0 ? O_RDWR : O_RDONLY);
    mode |= (flags & H5F_ACC_TRUNC) != 0 ? O_TRUNC : 0;
    mode |= (flags & H5F_ACC_CREAT) != 0 ? O_CREAT : 0;
    mode |= (flags & H5F_ACC_EXCL) != 0 ? O_EXCL : 0;
    const int descriptor = ::open(name, mode, 0666);
    (*info->state)->error = descriptor < 0 ? errno : 0;
    if (descriptor < 0)
        return nullptr;
    auto* file = new (std::nothrow) SinkFile;
    if (file == nullptr) {
        ::close(descriptor);
        return nullptr;
    }
    file->descriptor = descriptor;
    file->endOfFile = static_cast<haddr_t>(std::max<off_t>(0, ::lseek(descriptor, 0, SEEK_END)));
    file->state = *info->state;
    return &file->base;
}

herr_t closeSink(H5FD_t* base)
{
    SinkFile& file = sink(base);
    if (::close(file.descriptor) != 0)
        note(file, errno);
    delete &file;
    return 0;
}

herr_t querySink(const H5FD_t*, unsigned long* flags)
{
    if (flags != nullptr)
        *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE
            | H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

haddr_t endOfAllocation(const H5FD_t* base, H5FD_mem_t)
{
    return sink(base).endOfAllocation;
}

herr_t setEndOfAllocation(H5FD_t* base, H5FD_mem_t, haddr_t address)
{
    sink(base).endOfAllocation = address;
    return 0;
}

haddr_t endOfFile(const H5FD_t* base, H5FD_mem_t)
{
    return sink(base).endOfFile;
}

herr_t readSink(H5FD_t* base, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, void* buffer)
{
    auto* out = static_cast<char*>(buffer);
    while (size > 0) {
        const ssize_t got = ::pread(sink(base).descriptor, out, size, static_cast<off_t>(address));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0) { // behind the end, or never written
            std::memset(out, 0, size);
            break;
        }
        out += got;
        address += static_cast<haddr_t>(got);
        size -= static_cast<std::size_t>(got);
    }
    return 0;
}

herr_t writeSink(H5FD_t* base, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, const void* buffer)
{
    SinkFile& file = sink(base);
    const auto* from = static_cast<const char*>(buffer);
    file.endOfFile = std::max(file.endOfFile, address + size);
    while (size > 0 && file.state->error == 0) {
        const ssize_t put = ::pwrite(file.descriptor, from, size, static_cast<off_t>(address));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            note(file, put == 0 ? ENOSPC : errno);
            break;
        }
        from += put;
        address += static_cast<haddr_t>(put);
        size -= static_cast<std::size_t>(put);
    }
    return 0;
}

herr_t truncateSink(H5FD_t* base, hid_t, hbool_t)
{
    SinkFile& file = sink(base);
    if (file.endOfAllocation != file.endOfFile && file.state->error == 0
        && ::ftruncate(file.descriptor, static_cast<off_t>(file.endOfAllocation)) != 0)
        note(file, errno);
    file.endOfFile = file.endOfAllocation;
    return 0;
}

H5FD_class_t sinkClass()
{
    H5FD_class_t driver {};
#ifdef H5FD_CLASS_VERSION
    driver.version = H5FD_CLASS_VERSION;
    driver.value = static_cast<H5FD_class_value_t>(600); // 512 to 65535: drivers that are not registered
#endif
    driver.name = "rnnscope_sink";
    driver.maxaddr = kLargestAddress;
    driver.fc_degree = H5F_CLOSE_WEAK;
    driver.fapl_size = sizeof(SinkInfo);
    driver.open = openSink;
    driver.close = closeSink;
    driver.query = querySink;
    driver.get_eoa = endOfAllocation;
    driver.set_eoa = setEndOfAllocation;
    driver.get_eof = endOfFile;
    driver.read = readSink;
    driver.write = writeSink;
    driver.truncate = truncateSink;
    const H5FD_mem_t map[H5FD_MEM_NTYPES] = H5FD_FLMAP_DICHOTOMY;
    std::copy(std::begin(map), std::end(map), std::begin(driver.fl_map));
    return driver;
}

} // namespace

herr_t useSink(hid_t access, const std::shared_ptr<SinkState>& state)
{
    static const H5FD_class_t driver = sinkClass();
    static const hid_t id = H5FDregister(&driver);
    const SinkInfo info {&state};
    return id < 0 ? -1 : H5Pset_driver(access, id, &info);
}

} // namespace rnnscope::zoo::hdf5
