#include "core/zoo/hdf5_superblock.h"

#include "core/zoo/hdf5.h"

#include <algorithm>

namespace rnnscope::zoo::hdf5 {

namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kLongest = 100;

/// The superblock says how long the file was when it was closed.
std::uint64_t checkedEnd(std::uint64_t end, const MappedFile& file, std::size_t base)
{
    if (end > file.size())
        raise(Errc::BadFormat,
              fmt::format("{} is cut short: it has {} bytes, its HDF5 header says {}", file.path().string(),
                          file.size(), end));
    return base == 0 ? end : file.size() - base;
}

void expectUsualWidths(Cursor& in)
{
    if (in.byte() != 8 || in.byte() != 8)
        damaged("its addresses do not have 8 bytes");
}

Superblock readOld(Cursor& in, std::uint64_t version, const MappedFile& file, std::size_t base)
{
    Superblock found;
    in.skip(4); // versions of what follows, all 0
    expectUsualWidths(in);
    in.skip(1);
    found.sizes.groupLeaf = in.number(2);
    found.sizes.group = in.number(2);
    if (found.sizes.groupLeaf == 0 || found.sizes.group == 0)
        in.wrong("size of a group's nodes");
    in.skip(4);
    if (version == 1) {
        found.sizes.chunks = in.number(2);
        if (found.sizes.chunks == 0)
            in.wrong("size of a chunk tree's nodes");
        in.skip(2);
    }
    in.skip(16); // base address, free space
    found.end = checkedEnd(in.address(), file, base);
    if (in.address() != kNowhere)
        damaged("it is one part of a file in several, which this program does not read");
    in.skip(8); // the root's name
    found.root = in.address();
    const std::uint64_t remembered = in.number(4);
    in.skip(4);
    if (remembered > 1)
        in.wrong("root");
    if (remembered == 1)
        found.rootTable = SymbolTable {in.address(), in.address()};
    return found;
}

Superblock readNew(Cursor& in, std::string_view bytes, const MappedFile& file, std::size_t base)
{
    constexpr std::size_t kChecked = 44;
    Superblock found;
    expectUsualWidths(in);
    in.skip(1);
    in.skip(8); // base address
    found.extension = in.address();
    found.end = checkedEnd(in.address(), file, base);
    found.root = in.address();
    if (in.number(4) != lookup3(bytes.substr(0, kChecked)))
        damaged("the checksum of its first bytes is wrong");
    return found;
}

} // namespace

Superblock readSuperblock(FileBytes& bytes, const MappedFile& file, std::size_t base)
{
    constexpr std::size_t kShortest = 48;
    if (bytes.end() < kShortest)
        raise(Errc::BadFormat, file.path().string() + " is cut short inside its HDF5 header");
    const std::string head = bytes.read(0, std::min<std::uint64_t>(kLongest, bytes.end()), "its beginning");
    Cursor in(head, "its beginning");
    in.skip(kSignature);
    const std::uint64_t version = in.byte();
    if (version > 3)
        damaged(fmt::format("the version of its beginning is {}, expected 0 to 3", version));
    Superblock found = version < 2 ? readOld(in, version, file, base) : readNew(in, head, file, base);
    bytes.setEnd(found.end);
    return found;
}

} // namespace rnnscope::zoo::hdf5
