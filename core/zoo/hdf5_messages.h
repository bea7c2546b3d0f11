#pragma once

#include "core/zoo/hdf5_bytes.h"

#include <optional>
#include <vector>

/// What stands in an object's header: HDF5 File Format Specification 3.0, IV.A.2. Each parser throws Damage for what
/// the library would trust and should not.
namespace rnnscope::zoo::hdf5 {

enum class MessageKind : unsigned {
    Nil = 0x00,
    Dataspace = 0x01,
    LinkInfo = 0x02,
    Datatype = 0x03,
    OldFill = 0x04,
    Fill = 0x05,
    Link = 0x06,
    ExternalFiles = 0x07,
    Layout = 0x08,
    GroupInfo = 0x0a,
    Filters = 0x0b,
    Attribute = 0x0c,
    Comment = 0x0d,
    OldTime = 0x0e,
    SharedTable = 0x0f,
    Continuation = 0x10,
    SymbolTable = 0x11,
    Time = 0x12,
    TreeSizes = 0x13,
    DriverInfo = 0x14,
    AttributeInfo = 0x15,
    References = 0x16,
    FileSpace = 0x17,
    CacheImage = 0x18
};

struct Message
{
    MessageKind kind = MessageKind::Nil;
    bool shared = false; ///< what stands here is the address of a committed datatype
    std::string bytes;
};

struct Space
{
    std::vector<std::uint64_t> sizes;
    bool null = false;
    std::uint64_t entries = 0;
};

struct Type
{
    unsigned kind = 0; ///< HDF5's class
    std::uint64_t size = 0; ///< bytes
};

enum class LayoutKind { Compact = 0, Contiguous = 1, Chunked = 2 };

enum class ChunkIndex { Tree, Single, Implicit, FixedArray, ExtensibleArray, Tree2 };

struct StorageLayout
{
    LayoutKind kind = LayoutKind::Contiguous;
    std::uint64_t address = kNowhere;
    std::optional<std::uint64_t> bytes; ///< said by the file; old contiguous ones do not say
    std::vector<std::uint64_t> chunk; ///< entries in each direction
    std::uint64_t entryBytes = 0; ///< of chunked ones
    ChunkIndex index = ChunkIndex::Tree;
    std::uint64_t singleBytes = 0; ///< of a filtered single chunk; 0: unfiltered
    std::uint64_t singleMask = 0;
};

struct Filter
{
    static constexpr std::uint64_t kDeflate = 1;
    static constexpr std::uint64_t kShuffle = 2;
    static constexpr std::uint64_t kChecksum = 3; ///< Fletcher's
    std::uint64_t id = 0;
};

struct Link
{
    enum class Kind { Hard, Soft, Other };
    Kind kind = Kind::Hard;
    std::uint64_t address = kNowhere;
};

/// Where the many links or attributes of one object lie.
struct DenseStorage
{
    std::uint64_t heap = kNowhere;
    std::uint64_t tree = kNowhere;
    bool used() const { return heap != kNowhere; }
};

struct AttributeParts
{
    Message type;
    Message space;
    std::uint64_t valueBytes = 0; ///< as many are left for the value
};

Space parseSpace(std::string_view bytes);
Type parseType(std::string_view bytes);
StorageLayout parseLayout(std::string_view bytes);
std::vector<Filter> parseFilters(std::string_view bytes);
Link parseLink(std::string_view bytes);
DenseStorage parseLinkInfo(std::string_view bytes);
DenseStorage parseAttributeInfo(std::string_view bytes);
AttributeParts parseAttribute(std::string_view bytes);
/// Bytes of the fill value; 0: none.
std::uint64_t parseFill(const Message& message);
/// The address of a committed datatype.
std::uint64_t parseShared(std::string_view bytes);
/// Messages that hold a few numbers which nobody needs; Damage for kinds that are unknown or keep data elsewhere.
void checkOther(const Message& message);

} // namespace rnnscope::zoo::hdf5
