#include "core/zoo/hdf5_trees.h"

#include <functional>

namespace rnnscope::zoo::hdf5 {

namespace {

constexpr std::string_view kTree = "a tree";
constexpr std::string_view kNode = "a group's table of names";
constexpr std::string_view kHeap = "a group's list of names";
constexpr std::uint64_t kDeepest = 64;

struct TreeForm
{
    std::uint64_t type = 0;
    std::uint64_t keyBytes = 0;
    std::uint64_t mostEntries = 0;
};

using KeyCheck = std::function<void(Cursor&)>;
using LeafVisitor = std::function<void(Cursor key, std::uint64_t child)>;

/// One node of a version 1 B-tree; its children below are added to `left`.
struct NodeAt
{
    std::uint64_t address = 0;
    std::optional<std::uint64_t> level; ///< unknown for the root
};

void readNode(FileBytes& bytes, const NodeAt& at, const TreeForm& form, const KeyCheck& checkKey,
              const LeafVisitor& visit, std::vector<NodeAt>& left)
{
    const std::uint64_t size = 24 + (form.mostEntries + 1) * form.keyBytes + form.mostEntries * 8;
    const std::string node = bytes.read(at.address, size, kTree);
    Cursor in(node, kTree);
    if (in.take(4) != "TREE")
        in.wrong("signature");
    in.expect(1, form.type, "type");
    const std::uint64_t level = in.byte();
    const std::uint64_t count = in.number(2);
    if (level > kDeepest || (at.level && level != *at.level))
        in.wrong("level");
    if (count > form.mostEntries || (count == 0 && at.level))
        in.wrong("number of entries");
    in.skip(16); // neighbours
    for (std::uint64_t i = 0; i < count; ++i) {
        const Cursor key(in.take(form.keyBytes), kTree);
        Cursor checked = key;
        checkKey(checked);
        const std::uint64_t child = in.address();
        if (level == 0)
            visit(key, child);
        else
            left.push_back({child, level - 1});
    }
    if (count == 0)
        return;
    Cursor last(in.take(form.keyBytes), kTree);
    checkKey(last);
}

void walkTree(FileBytes& bytes, std::uint64_t root, const TreeForm& form, const KeyCheck& checkKey,
              const LeafVisitor& visit)
{
    std::vector<NodeAt> left {{root, {}}};
    while (!left.empty()) {
        const NodeAt at = left.back();
        left.pop_back();
        readNode(bytes, at, form, checkKey, visit, left);
    }
}

/// The names of an old group, one after the other.
class NameHeap
{
public:
    NameHeap(FileBytes& bytes, std::uint64_t address)
    {
        const std::string head = bytes.read(address, 32, kHeap);
        Cursor in(head, kHeap);
        if (in.take(4) != "HEAP")
            in.wrong("signature");
        in.expect(1, 0, "version");
        in.skip(3);
        const std::uint64_t size = in.number(8);
        const std::uint64_t free = in.number(8);
        m_data = bytes.read(in.address(), size, kHeap);
        checkFree(free);
    }

    void expectText(std::uint64_t offset) const
    {
        if (offset >= m_data.size() || m_data.find('\0', static_cast<std::size_t>(offset)) == std::string::npos)
            damaged("a name in a group has no end");
    }

private:
    /// The library follows the list of free places without counting.
    void checkFree(std::uint64_t at) const
    {
        constexpr std::uint64_t kEnd = 1;
        constexpr std::uint64_t kSmallest = 16;
        for (std::size_t steps = 0; at != kEnd; ++steps) {
            if (at > m_data.size() || m_data.size() - at < kSmallest || steps > m_data.size() / kSmallest)
                damaged("the free places of a group's list of names are impossible");
            Cursor in(std::string_view(m_data).substr(static_cast<std::size_t>(at)), kHeap);
            const std::uint64_t next = in.number(8);
            const std::uint64_t size = in.number(8);
            if (next == 0 || size < kSmallest || size > m_data.size() - at)
                in.wrong("free place");
            at = next;
        }
    }

    std::string m_data;
};

GroupEntry readEntry(Cursor& in, const NameHeap& names)
{
    names.expectText(in.number(8));
    GroupEntry entry {in.address(), {}};
    const std::uint64_t remembered = in.number(4);
    in.skip(4);
    const std::uint64_t first = in.number(8);
    const std::uint64_t second = in.number(8);
    if (remembered > 2)
        in.wrong("entry");
    if (remembered == 1)
        entry.table = SymbolTable {first, second};
    if (remembered == 2) { // a link by name
        names.expectText(first & 0xffffffffU);
        entry.header = kNowhere;
    } else if (entry.header == kNowhere) {
        in.wrong("entry");
    }
    return entry;
}

} // namespace

std::vector<GroupEntry> readGroup(FileBytes& bytes, const SymbolTable& table, const TreeSizes& sizes)
{
    const NameHeap names(bytes, table.heap);
    std::vector<GroupEntry> entries;
    const auto node = [&](const Cursor&, std::uint64_t address) {
        const std::string symbols = bytes.read(address, 8 + 2 * sizes.groupLeaf * 40, kNode);
        Cursor in(symbols, kNode);
        if (in.take(4) != "SNOD")
            in.wrong("signature");
        in.expect(1, 1, "version");
        in.skip(1);
        const std::uint64_t count = in.number(2);
        if (count > 2 * sizes.groupLeaf)
            in.wrong("number of entries");
        for (std::uint64_t i = 0; i < count; ++i)
            entries.push_back(readEntry(in, names));
    };
    walkTree(
        bytes, table.tree, {0, 8, 2 * sizes.group}, [&](Cursor& key) { names.expectText(key.number(8)); }, node);
    return entries;
}

void checkChunkSize(std::uint64_t stored, std::uint64_t plain, const std::vector<Filter>& filters, std::uint64_t mask)
{
    bool exact = true;
    std::uint64_t expected = plain;
    for (std::size_t i = 0; i < filters.size(); ++i) {
        if ((mask >> i & 1U) != 0)
            continue;
        if (filters[i].id == Filter::kChecksum)
            expected += 4;
        else if (filters[i].id != Filter::kShuffle)
            exact = false;
    }
    // Deflate makes nothing longer by more than a little.
    if (exact ? stored != expected : stored == 0 || stored > expected + expected / 4 + 64)
        damaged(fmt::format("a chunk of {} bytes is stored in {}", plain, stored));
}

void checkChunks(FileBytes& bytes, const StorageLayout& layout, const std::vector<Filter>& filters,
                 const TreeSizes& sizes)
{
    std::uint64_t plain = layout.entryBytes;
    for (const std::uint64_t size : layout.chunk)
        plain *= size; // the layout has been checked
    const TreeForm form {1, 8 + 8 * (layout.chunk.size() + 1), 2 * sizes.chunks};
    const auto checkKey = [&](Cursor& key) {
        key.skip(8);
        for (const std::uint64_t size : layout.chunk)
            if (key.number(8) % size != 0)
                key.wrong("position of a chunk");
        if (key.number(8) % layout.entryBytes != 0)
            key.wrong("position of a chunk");
    };
    walkTree(bytes, layout.address, form, checkKey, [&](Cursor key, std::uint64_t address) {
        const std::uint64_t stored = key.number(4);
        const std::uint64_t mask = key.number(4);
        checkChunkSize(stored, plain, filters, mask);
        bytes.expectInside(address, stored, "a chunk");
    });
}

} // namespace rnnscope::zoo::hdf5
