#include "core/zoo/hdf5_messages.h"

namespace rnnscope::zoo::hdf5 {

namespace {

constexpr std::size_t kMostDimensions = 32;
constexpr std::uint64_t kLargestChunk = 0xffffffff; ///< bytes; the library's own limit

std::size_t dimensions(Cursor& in, std::size_t most)
{
    const std::uint64_t rank = in.byte();
    if (rank > most)
        in.wrong("number of dimensions");
    return static_cast<std::size_t>(rank);
}

std::vector<std::uint64_t> numbers(Cursor& in, std::size_t count, std::size_t width)
{
    std::vector<std::uint64_t> found;
    for (std::size_t i = 0; i < count; ++i)
        found.push_back(in.number(width));
    return found;
}

/// [chunk 0, chunk 1, …, bytes of an entry] into `layout`.
void takeChunk(StorageLayout& layout, std::vector<std::uint64_t> sizes, const Cursor& in)
{
    if (sizes.size() < 2)
        in.wrong("number of dimensions");
    std::uint64_t bytes = 1;
    for (const std::uint64_t size : sizes) {
        bytes = multiplied(bytes, size, "a chunk");
        if (bytes == 0 || bytes > kLargestChunk)
            in.wrong("chunk");
    }
    layout.entryBytes = sizes.back();
    sizes.pop_back();
    layout.chunk = std::move(sizes);
}

/// Versions 1 and 2: all three kinds in one form.
StorageLayout oldLayout(Cursor& in)
{
    StorageLayout layout;
    const std::size_t rank = dimensions(in, kMostDimensions + 1);
    const std::uint64_t kind = in.byte();
    if (kind > 2)
        in.wrong("kind");
    layout.kind = static_cast<LayoutKind>(kind);
    in.skip(5);
    if (layout.kind != LayoutKind::Compact)
        layout.address = in.address();
    auto sizes = numbers(in, rank, 4);
    if (layout.kind == LayoutKind::Chunked)
        takeChunk(layout, std::move(sizes), in);
    if (layout.kind == LayoutKind::Compact) {
        layout.bytes = in.number(4);
        in.skip(*layout.bytes);
    }
    return layout;
}

void newChunks(Cursor& in, StorageLayout& layout)
{
    const std::uint64_t flags = in.byte();
    const std::size_t rank = dimensions(in, kMostDimensions + 1);
    const std::uint64_t width = in.byte();
    if (flags > 3 || width < 1 || width > 8)
        in.wrong("chunk");
    takeChunk(layout, numbers(in, rank, static_cast<std::size_t>(width)), in);
    const std::uint64_t index = in.byte();
    if (index < 1 || index > 5)
        in.wrong("chunk index");
    layout.index = static_cast<ChunkIndex>(index);
    if (layout.index == ChunkIndex::Single && (flags & 2U) != 0) {
        layout.singleBytes = in.number(8);
        layout.singleMask = in.number(4);
        if (layout.singleBytes == 0)
            in.wrong("chunk");
    }
    if (layout.index == ChunkIndex::FixedArray)
        in.skip(1);
    if (layout.index == ChunkIndex::ExtensibleArray)
        in.skip(5);
    if (layout.index == ChunkIndex::Tree2)
        in.skip(6);
    layout.address = in.address();
}

/// Links and attributes that are many are found by such a table; `counted` bytes count what it has ever held.
DenseStorage parseDenseStorage(Cursor in, std::uint64_t counted)
{
    in.expect(1, 0, "version");
    const std::uint64_t flags = in.byte();
    if (flags > 3)
        in.wrong("form");
    if ((flags & 1U) != 0)
        in.skip(counted);
    const DenseStorage dense {in.address(), in.address()};
    if ((flags & 2U) != 0)
        in.skip(8);
    return dense;
}

} // namespace

Space parseSpace(std::string_view bytes)
{
    Cursor in(bytes, "a dataspace");
    const std::uint64_t version = in.byte();
    if (version != 1 && version != 2)
        in.wrong("version");
    const std::size_t rank = dimensions(in, kMostDimensions);
    const std::uint64_t flags = in.byte();
    if (flags > 1)
        in.wrong("form");
    const std::uint64_t kind = in.byte();
    if (version == 1)
        in.skip(4);
    Space space;
    space.null = version == 2 && kind == 2;
    if (version == 2 && (kind > 2 || (kind != 1 && rank > 0)))
        in.wrong("kind");
    space.sizes = numbers(in, rank, 8);
    space.entries = space.null ? 0 : 1;
    for (const std::uint64_t size : space.sizes)
        space.entries = multiplied(space.entries, size, "a dataspace");
    if (flags == 1)
        for (const std::uint64_t size : space.sizes)
            if (in.number(8) < size)
                in.wrong("largest size");
    return space;
}

StorageLayout parseLayout(std::string_view bytes)
{
    Cursor in(bytes, "a dataset's layout");
    const std::uint64_t version = in.byte();
    if (version == 1 || version == 2)
        return oldLayout(in);
    if (version != 3 && version != 4)
        in.wrong("version");
    StorageLayout layout;
    const std::uint64_t kind = in.byte();
    if (kind == 3)
        damaged("a dataset in it is put together from other datasets, which this program does not read");
    if (kind > 2)
        in.wrong("kind");
    layout.kind = static_cast<LayoutKind>(kind);
    if (layout.kind == LayoutKind::Compact) {
        layout.bytes = in.number(2);
        in.skip(*layout.bytes);
    } else if (layout.kind == LayoutKind::Contiguous) {
        layout.address = in.address();
        layout.bytes = in.number(8);
    } else if (version == 4) {
        newChunks(in, layout);
    } else {
        const std::size_t rank = dimensions(in, kMostDimensions + 1);
        layout.address = in.address();
        takeChunk(layout, numbers(in, rank, 4), in);
    }
    return layout;
}

std::vector<Filter> parseFilters(std::string_view bytes)
{
    Cursor in(bytes, "a list of filters");
    const std::uint64_t version = in.byte();
    if (version != 1 && version != 2)
        in.wrong("version");
    const std::uint64_t count = in.byte();
    if (count > kMostDimensions)
        in.wrong("length");
    if (version == 1)
        in.skip(6);
    std::vector<Filter> filters;
    for (std::uint64_t i = 0; i < count; ++i) {
        Filter filter {in.number(2)};
        const std::uint64_t name = version == 1 || filter.id >= 256 ? in.number(2) : 0;
        in.skip(2); // flags
        const std::uint64_t values = in.number(2);
        const auto text = in.take(version == 1 ? (name + 7) / 8 * 8 : name);
        if (name > 0 && text.find('\0') == std::string_view::npos)
            in.wrong("name");
        in.skip(4 * values + (version == 1 && values % 2 == 1 ? 4 : 0));
        filters.push_back(filter);
    }
    return filters;
}

Link parseLink(std::string_view bytes)
{
    Cursor in(bytes, "a link");
    in.expect(1, 1, "version");
    const std::uint64_t flags = in.byte();
    if (flags > 0x1f)
        in.wrong("form");
    const std::uint64_t kind = (flags & 8U) != 0 ? in.byte() : 0;
    if ((flags & 4U) != 0)
        in.skip(8); // order of creation
    if ((flags & 16U) != 0 && in.byte() > 1)
        in.wrong("text encoding");
    const auto name = in.take(in.number(std::size_t {1} << (flags & 3U)));
    if (name.empty() || name.find('\0') != std::string_view::npos)
        in.wrong("name");
    if (kind == 0)
        return {Link::Kind::Hard, in.address()};
    const auto value = in.take(in.number(2));
    if (value.empty() || (kind != 1 && kind != 64))
        in.wrong("kind");
    return {kind == 1 ? Link::Kind::Soft : Link::Kind::Other, kNowhere};
}

DenseStorage parseLinkInfo(std::string_view bytes)
{
    return parseDenseStorage({bytes, "a group's link table"}, 8);
}

DenseStorage parseAttributeInfo(std::string_view bytes)
{
    return parseDenseStorage({bytes, "a table of attributes"}, 2);
}

AttributeParts parseAttribute(std::string_view bytes)
{
    Cursor in(bytes, "an attribute");
    const std::uint64_t version = in.byte();
    if (version < 1 || version > 3)
        in.wrong("version");
    const std::uint64_t flags = in.byte();
    if (version > 1 && flags > 3)
        in.wrong("form");
    const std::uint64_t nameBytes = in.number(2);
    const std::uint64_t typeBytes = in.number(2);
    const std::uint64_t spaceBytes = in.number(2);
    if (version == 3 && in.byte() > 1)
        in.wrong("text encoding");
    const auto padded = [&](std::uint64_t count) { return version == 1 ? (count + 7) / 8 * 8 : count; };
    const auto name = in.take(padded(nameBytes));
    if (nameBytes < 2 || name.substr(0, nameBytes).find('\0') != nameBytes - 1)
        in.wrong("name");
    AttributeParts parts;
    parts.type = {MessageKind::Datatype, version > 1 && (flags & 1U) != 0,
                  std::string(in.take(padded(typeBytes)).substr(0, typeBytes))};
    parts.space = {MessageKind::Dataspace, version > 1 && (flags & 2U) != 0,
                   std::string(in.take(padded(spaceBytes)).substr(0, spaceBytes))};
    parts.valueBytes = in.left();
    return parts;
}

std::uint64_t parseFill(const Message& message)
{
    constexpr std::uint64_t kNone = 0xffffffff;
    Cursor in(message.bytes, "a fill value");
    bool follows = true;
    if (message.kind == MessageKind::Fill) {
        const std::uint64_t version = in.byte();
        if (version < 1 || version > 3)
            in.wrong("version");
        if (version < 3) {
            in.skip(2);
            const std::uint64_t defined = in.byte();
            if (defined > 1)
                in.wrong("form");
            follows = version == 1 || defined == 1;
        } else {
            const std::uint64_t flags = in.byte();
            if (flags > 0x3f || (flags & 0x30U) == 0x30U)
                in.wrong("form");
            follows = (flags & 0x20U) != 0;
        }
    }
    const std::uint64_t size = follows ? in.number(4) : 0;
    if (size == kNone)
        return 0;
    in.skip(size);
    return size;
}

std::uint64_t parseShared(std::string_view bytes)
{
    Cursor in(bytes, "a shared datatype");
    const std::uint64_t version = in.byte();
    const std::uint64_t kind = in.byte();
    if (version < 1 || version > 3 || (version == 3 && kind != 2))
        in.wrong("kind");
    if (version == 1)
        in.skip(6);
    return in.address();
}

void checkOther(const Message& message)
{
    Cursor in(message.bytes, "a message");
    switch (message.kind) {
    case MessageKind::Nil:
        return;
    case MessageKind::GroupInfo: {
        in.expect(1, 0, "version");
        const std::uint64_t flags = in.byte();
        if (flags > 3)
            in.wrong("form");
        return in.skip(((flags & 1U) != 0 ? 4 : 0) + ((flags & 2U) != 0 ? 4 : 0));
    }
    case MessageKind::Comment:
        in.text(1);
        return;
    case MessageKind::OldTime:
        return in.skip(16);
    case MessageKind::Time:
        in.expect(1, 1, "version");
        return in.skip(7);
    case MessageKind::References:
        in.expect(1, 0, "version");
        return in.skip(4);
    case MessageKind::ExternalFiles:
        damaged("a dataset in it lies in other files, which this program does not open");
    default:
        damaged(fmt::format("its message of kind {} is unknown here", static_cast<unsigned>(message.kind)));
    }
}

} // namespace rnnscope::zoo::hdf5
