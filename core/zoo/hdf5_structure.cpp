#include "core/zoo/hdf5_structure.h"

#include "core/zoo/hdf5.h"
#include "core/zoo/hdf5_header.h"
#include "core/zoo/hdf5_trees.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>

namespace rnnscope::zoo::hdf5 {

namespace {

constexpr unsigned kVariable = 9; // a datatype's class

/// What an object header says, at most one of each.
struct Object
{
    std::optional<Message> space;
    std::optional<Message> type;
    std::optional<Message> layout;
    std::optional<Message> filters;
    std::optional<Message> symbols;
    std::optional<Message> links;
    std::uint64_t fillBytes = 0;
};

void setOnce(std::optional<Message>& slot, const Message& message)
{
    if (slot)
        damaged("an object header says one thing twice");
    slot = message;
}

std::uint64_t chunksIn(const Space& space, const StorageLayout& layout)
{
    std::uint64_t count = 1;
    for (std::size_t i = 0; i < layout.chunk.size(); ++i) {
        const std::uint64_t size = layout.chunk[i];
        count = multiplied(count, space.sizes[i] / size + (space.sizes[i] % size != 0 ? 1 : 0), "a dataset");
    }
    return count;
}

} // namespace

class Structure::Walk
{
public:
    Walk(const MappedFile& file, std::size_t base)
        : m_bytes(file, base)
    {
        const Superblock start = readSuperblock(m_bytes, file, base);
        m_sizes = start.sizes;
        if (start.extension != kNowhere)
            readExtension(start.extension);
        m_left.push_back({start.root, start.rootTable});
        finish();
        if (!m_groups.contains(start.root))
            damaged("its root is not a group");
    }

    void walkFrom(std::uint64_t address)
    {
        const std::scoped_lock lock(m_mutex);
        m_left.assign(1, {address, {}});
        finish();
    }

    bool hasUnlisted() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_unlisted;
    }

private:
    void finish()
    {
        while (!m_left.empty()) {
            const GroupEntry next = m_left.back();
            m_left.pop_back();
            if (const auto known = m_groups.find(next.header); known != m_groups.end())
                expectTable(next, known->second);
            else
                expectTable(next, m_groups.emplace(next.header, walkObject(next.header)).first->second);
        }
    }

    /// A parent remembers where a group's names are; the library believes either. What it remembers of a group that
    /// has since become a newer one is not looked at.
    static void expectTable(const GroupEntry& entry, const std::optional<SymbolTable>& found)
    {
        if (entry.table && found && *entry.table != *found)
            damaged("a group and the one above it disagree on where its names are");
    }

    void readExtension(std::uint64_t address)
    {
        for (const Message& message : readHeader(m_bytes, address)) {
            Cursor in(message.bytes, "its beginning");
            if (message.kind == MessageKind::TreeSizes) {
                in.expect(1, 0, "version");
                m_sizes.chunks = in.number(2);
                m_sizes.group = in.number(2);
                m_sizes.groupLeaf = in.number(2);
                if (m_sizes.chunks == 0 || m_sizes.group == 0 || m_sizes.groupLeaf == 0)
                    in.wrong("size of tree nodes");
            } else if (message.kind != MessageKind::FileSpace && message.kind != MessageKind::AttributeInfo) {
                checkOther(message);
            }
        }
    }

    /// Where the object's names are when it is an old group.
    std::optional<SymbolTable> walkObject(std::uint64_t address)
    {
        Object object;
        for (const Message& message : readHeader(m_bytes, address))
            take(object, message);
        const bool group = object.symbols || object.links;
        const bool data = object.space || object.layout || object.filters;
        if ((group && (data || object.type || (object.symbols && object.links))) || (!group && !object.type))
            damaged("an object is neither a group nor a dataset");
        if (data)
            checkDataset(object);
        else if (object.type)
            typeOf(*object.type);
        return object.symbols ? walkGroup(object.symbols->bytes) : std::optional<SymbolTable> {};
    }

    void take(Object& object, const Message& message)
    {
        if (message.shared && message.kind != MessageKind::Datatype)
            damaged("an object header shares its messages in a way that this program does not read");
        switch (message.kind) {
        case MessageKind::Dataspace:
            return setOnce(object.space, message);
        case MessageKind::Datatype:
            return setOnce(object.type, message);
        case MessageKind::Layout:
            return setOnce(object.layout, message);
        case MessageKind::Filters:
            return setOnce(object.filters, message);
        case MessageKind::SymbolTable:
            return setOnce(object.symbols, message);
        case MessageKind::LinkInfo:
            setOnce(object.links, message);
            return checkDense(parseLinkInfo(message.bytes), m_unlisted);
        case MessageKind::AttributeInfo: {
            bool ignored = false;
            return checkDense(parseAttributeInfo(message.bytes), ignored);
        }
        case MessageKind::Link:
            if (const Link link = parseLink(message.bytes); link.kind == Link::Kind::Hard)
                m_left.push_back({link.address, {}});
            return;
        case MessageKind::Attribute:
            return checkAttribute(message.bytes);
        case MessageKind::Fill:
        case MessageKind::OldFill:
            object.fillBytes = std::max(object.fillBytes, parseFill(message));
            return;
        default:
            return checkOther(message);
        }
    }

    void expectSignature(std::uint64_t address, std::string_view signature)
    {
        if (m_bytes.read(address, signature.size(), "a table") != signature)
            damaged(fmt::format("a table does not begin with {}", signature));
    }

    void checkDense(const DenseStorage& storage, bool& used)
    {
        if (!storage.used())
            return;
        used = true;
        expectSignature(storage.heap, "FRHP");
        expectSignature(storage.tree, "BTHD");
    }

    Type typeOf(const Message& message)
    {
        if (!message.shared)
            return parseType(message.bytes);
        const std::uint64_t address = parseShared(message.bytes);
        if (const auto known = m_types.find(address); known != m_types.end())
            return known->second;
        m_left.push_back({address, {}});
        for (const Message& inner : readHeader(m_bytes, address))
            if (inner.kind == MessageKind::Datatype && !inner.shared)
                return m_types.emplace(address, parseType(inner.bytes)).first->second;
        damaged("a shared datatype is missing");
    }

    void checkAttribute(std::string_view bytes)
    {
        const AttributeParts parts = parseAttribute(bytes);
        if (parts.space.shared)
            damaged("an attribute shares its dataspace in a way that this program does not read");
        const Type type = typeOf(parts.type);
        const Space space = parseSpace(parts.space.bytes);
        if (multiplied(space.entries, type.size, "an attribute") > parts.valueBytes)
            damaged("an attribute is longer than its place");
    }

    std::optional<SymbolTable> walkGroup(std::string_view bytes)
    {
        Cursor in(bytes, "a group");
        const SymbolTable table {in.address(), in.address()};
        for (const GroupEntry& entry : readGroup(m_bytes, table, m_sizes))
            if (entry.header != kNowhere)
                m_left.push_back(entry);
        return table;
    }

    void checkDataset(const Object& object)
    {
        if (!object.space || !object.layout || !object.type)
            damaged("a dataset lacks its size, its type or its place");
        const Space space = parseSpace(object.space->bytes);
        const Type type = typeOf(*object.type);
        const StorageLayout layout = parseLayout(object.layout->bytes);
        const auto filters = object.filters ? parseFilters(object.filters->bytes) : std::vector<Filter> {};
        if (object.fillBytes != 0 && object.fillBytes != type.size && type.kind != kVariable)
            damaged("the fill value of a dataset does not have its type's size");
        if (layout.kind == LayoutKind::Chunked)
            return checkChunked(space, type, layout, filters);
        const std::uint64_t needed = multiplied(space.entries, type.size, "a dataset");
        if (layout.bytes && *layout.bytes < needed
            && (layout.kind == LayoutKind::Compact || layout.address != kNowhere))
            damaged(fmt::format("a dataset of {} bytes is stored in {}", needed, *layout.bytes));
        if (layout.kind == LayoutKind::Contiguous && layout.address != kNowhere)
            m_bytes.expectInside(layout.address, layout.bytes.value_or(needed), "a dataset");
    }

    void checkChunked(const Space& space, const Type& type, const StorageLayout& layout,
                      const std::vector<Filter>& filters)
    {
        if (layout.chunk.size() != space.sizes.size() || layout.entryBytes != type.size)
            damaged("a dataset and its chunks differ in dimensions or type");
        multiplied(space.entries, type.size, "a dataset");
        if (layout.address == kNowhere)
            return;
        std::uint64_t plain = type.size;
        for (const std::uint64_t size : layout.chunk)
            plain *= size; // fits 32 bits, see parseLayout
        switch (layout.index) {
        case ChunkIndex::Tree:
            return checkChunks(m_bytes, layout, filters, m_sizes);
        case ChunkIndex::Single: {
            const std::uint64_t stored = layout.singleBytes == 0 ? plain : layout.singleBytes;
            checkChunkSize(stored, plain, layout.singleBytes == 0 ? std::vector<Filter> {} : filters,
                           layout.singleMask);
            return m_bytes.expectInside(layout.address, stored, "a chunk");
        }
        case ChunkIndex::Implicit:
            return m_bytes.expectInside(layout.address, multiplied(chunksIn(space, layout), plain, "a dataset"),
                                        "a dataset");
        case ChunkIndex::FixedArray:
            return expectSignature(layout.address, "FAHD");
        case ChunkIndex::ExtensibleArray:
            return expectSignature(layout.address, "EAHD");
        case ChunkIndex::Tree2:
            return expectSignature(layout.address, "BTHD");
        }
    }

    mutable std::mutex m_mutex;
    FileBytes m_bytes;
    TreeSizes m_sizes;
    std::vector<GroupEntry> m_left; ///< headers to walk
    std::unordered_map<std::uint64_t, std::optional<SymbolTable>> m_groups; ///< headers walked
    std::unordered_map<std::uint64_t, Type> m_types; ///< committed datatypes
    bool m_unlisted = false;
};

namespace {

template <typename Work>
void namingFile(const MappedFile& file, Work&& work)
{
    try {
        work();
    } catch (const Damage& damage) {
        raise(Errc::BadFormat, fmt::format("{} is a damaged HDF5 file: {}", file.path().string(), damage.what));
    }
}

} // namespace

Structure::Structure(std::shared_ptr<const MappedFile> file, std::size_t base)
    : m_file(std::move(file))
    , m_walk(std::make_unique<Walk>(*m_file, base))
{
}

Structure::~Structure() = default;

std::shared_ptr<Structure> Structure::check(std::shared_ptr<const MappedFile> file, std::size_t base)
{
    std::shared_ptr<Structure> made;
    namingFile(*file, [&] { made.reset(new Structure(file, base)); });
    return made;
}

void Structure::checkObject(std::uint64_t address)
{
    namingFile(*m_file, [&] { m_walk->walkFrom(address); });
}

bool Structure::hasUnlisted() const
{
    return m_walk->hasUnlisted();
}

} // namespace rnnscope::zoo::hdf5
