#include "core/zoo/hdf5_text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>

namespace rnnscope::zoo::hdf5 {

namespace {

/// Conversion from text references in a file to 16 opaque bytes: leaves them as they are.
extern "C" herr_t keepReferences(hid_t source, hid_t target, H5T_cdata_t* data, std::size_t, std::size_t, std::size_t,
                                 void*, void*, hid_t)
{
    if (data->command != H5T_CONV_INIT)
        return 0;
    data->need_bkg = H5T_BKG_NO;
    return H5Tget_size(source) == kTextReference && H5Tget_size(target) == kTextReference ? 0 : -1;
}

struct Piece
{
    std::size_t offset = 0; ///< in the file
    std::size_t size = 0;
};

/// Objects of one global heap collection by index.
using Collection = std::map<std::uint32_t, Piece>;

class Heaps
{
public:
    Heaps(const MappedFile& file, std::size_t base, const std::string& where)
        : m_file(file)
        , m_base(base)
        , m_where(where)
    {
    }

    std::string text(std::span<const std::byte> reference)
    {
        std::uint32_t length = 0;
        std::uint64_t address = 0;
        std::uint32_t index = 0;
        std::memcpy(&length, reference.data(), 4);
        std::memcpy(&address, reference.data() + 4, 8);
        std::memcpy(&index, reference.data() + 12, 4);
        if (length == 0 || address == 0 || address == HADDR_UNDEF)
            return {};
        const Collection& objects = collection(address);
        const auto found = objects.find(index);
        m_total += length;
        if (found == objects.end() || length > found->second.size || m_total > 4 * m_file.size())
            damaged();
        std::string text(length, '\0');
        unwrap(m_file.use(found->second.offset, length,
                          [&](auto bytes) { std::memcpy(text.data(), bytes.data(), bytes.size()); }));
        text.resize(std::strlen(text.c_str()));
        return text;
    }

private:
    [[noreturn]] void damaged() const { raise(Errc::BadFormat, m_where + " is damaged where its text is stored"); }

    const Collection& collection(std::uint64_t address)
    {
        const auto known = m_collections.find(address);
        if (known != m_collections.end())
            return known->second;
        if (address > m_file.size() || m_base > m_file.size() - address)
            damaged();
        return m_collections.emplace(address, walk(m_base + static_cast<std::size_t>(address))).first->second;
    }

    /// HDF5 File Format Specification, III.E: "GCOL", version 1, 3 reserved bytes, 8 of size; then objects of 2 bytes
    /// of index (0: free space, the last), 2 of references, 4 reserved, 8 of size, and the data padded to 8.
    Collection walk(std::size_t begin)
    {
        constexpr std::size_t kHeader = 16;
        const auto head = bytes16(begin);
        std::uint64_t size = 0;
        std::memcpy(&size, head.data() + 8, 8);
        if (std::memcmp(head.data(), "GCOL\x01", 5) != 0 || size > m_file.size() - begin)
            damaged();
        Collection objects;
        const std::size_t end = begin + static_cast<std::size_t>(size);
        for (std::size_t at = begin + kHeader; at + kHeader <= end;) {
            const auto object = bytes16(at);
            std::uint16_t index = 0;
            std::memcpy(&index, object.data(), 2);
            std::memcpy(&size, object.data() + 8, 8);
            if (index == 0)
                break;
            at += kHeader;
            if (size > end - at)
                damaged();
            objects.emplace(index, Piece {at, static_cast<std::size_t>(size)});
            at += static_cast<std::size_t>((size + 7) / 8 * 8);
        }
        return objects;
    }

    /// From a window that moves on through the file: mapping each object's head alone would cost far more.
    std::array<std::byte, 16> bytes16(std::size_t offset)
    {
        constexpr std::size_t kWindow = 4096;
        std::array<std::byte, 16> copy {};
        if (offset < m_windowBegin || offset + copy.size() > m_windowBegin + m_window.size()) {
            const std::size_t left = m_file.size() - std::min(offset, m_file.size());
            m_window.resize(std::clamp(left, copy.size(), kWindow));
            m_windowBegin = offset;
            if (!m_file.use(offset, m_window.size(), [&](auto bytes) { std::ranges::copy(bytes, m_window.begin()); }))
                damaged();
        }
        std::memcpy(copy.data(), m_window.data() + (offset - m_windowBegin), copy.size());
        return copy;
    }

    const MappedFile& m_file;
    std::size_t m_base;
    const std::string& m_where;
    std::map<std::uint64_t, Collection> m_collections;
    std::vector<std::byte> m_window; ///< bytes of the file from m_windowBegin on
    std::size_t m_windowBegin = 0;
    std::size_t m_total = 0; ///< bytes of text so far; a damaged file may point to one text many times
};

} // namespace

Handle textReferenceType()
{
    const Lock lock;
    const auto make = [] {
        return Handle(H5Tcreate(H5T_OPAQUE, kTextReference), H5Tclose, "cannot make the type of text references");
    };
    static std::once_flag once;
    std::call_once(once, [&] {
        const Handle opaque = make();
        H5Tregister(H5T_PERS_SOFT, "rnnscope text references", textType().get(), opaque.get(), keepReferences);
    });
    return make();
}

std::vector<std::string> resolveTexts(const MappedFile& file, std::size_t base, std::span<const std::byte> references,
                                      const std::string& where)
{
    Heaps heaps(file, base, where);
    std::vector<std::string> texts;
    for (std::size_t at = 0; at + kTextReference <= references.size(); at += kTextReference)
        texts.push_back(heaps.text(references.subspan(at, kTextReference)));
    return texts;
}

} // namespace rnnscope::zoo::hdf5
