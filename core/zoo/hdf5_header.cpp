#include "core/zoo/hdf5_header.h"

namespace rnnscope::zoo::hdf5 {

namespace {

constexpr std::string_view kHeader = "an object header";
constexpr unsigned kShared = 2;
constexpr std::size_t kChecksumBytes = 4;

struct Piece
{
    std::uint64_t address = 0;
    std::uint64_t size = 0;
};

class HeaderReader
{
public:
    explicit HeaderReader(FileBytes& bytes)
        : m_bytes(bytes)
    {
    }

    std::vector<Message> read(std::uint64_t address)
    {
        const std::string first = m_bytes.read(address, 16, kHeader);
        if (first.starts_with("OHDR"))
            readNew(address, first);
        else
            readOld(address, first);
        return std::move(m_messages);
    }

private:
    void readOld(std::uint64_t address, std::string_view first)
    {
        Cursor in(first, kHeader);
        in.expect(1, 1, "version");
        in.skip(1);
        const std::uint64_t count = in.number(2);
        in.skip(4);
        m_pieces.push_back({address + first.size(), in.number(4)});
        for (std::size_t i = 0; i < m_pieces.size(); ++i) { // grows by continuations
            const std::string piece = m_bytes.read(m_pieces[i].address, m_pieces[i].size, kHeader);
            Cursor messages(piece, kHeader);
            while (messages.left() > 0)
                takeOld(messages);
        }
        if (m_count != count)
            in.wrong("number of messages");
    }

    void takeOld(Cursor& in)
    {
        const std::uint64_t kind = in.number(2);
        const std::uint64_t size = in.number(2);
        const std::uint64_t flags = in.byte();
        in.skip(3);
        if (size % 8 != 0)
            in.wrong("message");
        take(kind, flags, in.take(size));
    }

    void readNew(std::uint64_t address, std::string_view first)
    {
        Cursor in(first, kHeader);
        in.skip(4);
        in.expect(1, 2, "version");
        const std::uint64_t flags = in.byte();
        if (flags > 0x3f)
            in.wrong("form");
        const std::size_t before = 6 + ((flags & 0x20U) != 0 ? 16 : 0) + ((flags & 0x10U) != 0 ? 4 : 0);
        const std::size_t width = std::size_t {1} << (flags & 3U);
        const std::string start = m_bytes.read(address, before + width, kHeader);
        Cursor sized(start, kHeader);
        sized.skip(before);
        const std::uint64_t size = sized.number(width);
        if (size > m_bytes.end())
            in.wrong("size");
        const std::size_t order = (flags & 4U) != 0 ? 2 : 0;
        takeNew({address, start.size() + size + kChecksumBytes}, start.size(), order);
        for (std::size_t i = 0; i < m_pieces.size(); ++i) { // grows by continuations
            if (m_pieces[i].size < 4 + kChecksumBytes)
                in.wrong("continuation");
            takeNew(m_pieces[i], 4, order);
        }
    }

    /// Messages between `before` bytes at the piece's beginning and the checksum at its end.
    void takeNew(const Piece& at, std::size_t before, std::size_t order)
    {
        const std::string piece = m_bytes.read(at.address, at.size, kHeader);
        const std::string_view checked = std::string_view(piece).substr(0, piece.size() - kChecksumBytes);
        Cursor checksum(std::string_view(piece).substr(checked.size()), kHeader);
        if (before == 4 && !piece.starts_with("OCHK"))
            checksum.wrong("continuation");
        checksum.expect(kChecksumBytes, lookup3(checked), "checksum");
        Cursor in(checked, kHeader);
        in.skip(before);
        while (in.left() >= 4 + order) { // fewer bytes are a gap
            const std::uint64_t kind = in.byte();
            const std::uint64_t size = in.number(2);
            const std::uint64_t flags = in.byte();
            in.skip(order);
            take(kind, flags, in.take(size));
        }
    }

    void take(std::uint64_t kind, std::uint64_t flags, std::string_view bytes)
    {
        ++m_count;
        if (kind > static_cast<unsigned>(MessageKind::CacheImage))
            damaged(fmt::format("a message of kind {} is unknown", kind));
        const auto known = static_cast<MessageKind>(kind);
        if (known == MessageKind::Nil)
            return;
        if (known != MessageKind::Continuation) {
            m_messages.push_back({known, (flags & kShared) != 0, std::string(bytes)});
            return;
        }
        Cursor in(bytes, kHeader);
        const std::uint64_t address = in.address();
        m_pieces.push_back({address, in.number(8)});
    }

    FileBytes& m_bytes;
    std::vector<Piece> m_pieces;
    std::vector<Message> m_messages;
    std::uint64_t m_count = 0;
};

} // namespace

std::vector<Message> readHeader(FileBytes& bytes, std::uint64_t address)
{
    return HeaderReader(bytes).read(address);
}

} // namespace rnnscope::zoo::hdf5
