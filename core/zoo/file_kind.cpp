#include "core/zoo/file_kind.h"

#include "core/zoo/authors_zoo.h"
#include "core/zoo/hdf5.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace rnnscope::zoo {

namespace {

constexpr std::string_view kNeither = "not a zoo or an encoder checkpoint";

struct Magic
{
    std::string_view bytes;
    std::string_view what;
};

constexpr std::array<Magic, 10> kKnown {{{"\x89PNG", "a PNG image"},
                                         {"\xff\xd8\xff", "a JPEG image"},
                                         {"GIF8", "a GIF image"},
                                         {"%PDF", "a PDF document"},
                                         {"PK\x03\x04", "a ZIP archive or PyTorch file"},
                                         {"PK\x05\x06", "an empty ZIP archive"},
                                         {"\x1f\x8b", "a gzip archive"},
                                         {"\x7f"
                                          "ELF",
                                          "a program"},
                                         {"\x80\x02", "a Python pickle"},
                                         {"\x93NUMPY", "a single NumPy array (open the folder it lies in)"}}};

bool isText(std::string_view head)
{
    return std::all_of(head.begin(), head.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 ? byte != 0x7f : c == '\n' || c == '\r' || c == '\t' || c == '\f';
    });
}

Result<FileKind> folderKind(const fs::path& path)
{
    std::error_code status;
    const fs::directory_iterator entries(path, status);
    if (status)
        return fail(Errc::Io, fmt::format("cannot read {}: {}", path.string(), status.message()));
    if (entries == fs::directory_iterator {})
        return fail(Errc::NotFound,
                    path.string()
                        + " is an empty folder, expected parameters.npy, tasks.npy and "
                          "num_step_correct.npy or num_step.npy in it");
    if (!looksLikeAuthorsFolder(path))
        return fail(Errc::NotFound, path.string() + " is a folder without parameters.npy, not a zoo");
    return FileKind::AuthorsFolder;
}

FileKind hdf5Kind(const fs::path& path)
{
    const auto file = hdf5::Node::openFile(path);
    if (!file.hasAttribute("format"))
        hdf5::raise(Errc::BadFormat,
                    fmt::format("{} is an HDF5 file, {}: its attribute 'format' is missing", path.string(), kNeither));
    const std::string format = file.text("format");
    if (format == "rnn-zoo")
        return FileKind::Zoo;
    if (format == "rnn-encoder")
        return FileKind::Checkpoint;
    hdf5::raise(
        Errc::BadFormat,
        fmt::format("{} is an HDF5 file, {}: its format is '{}'", path.string(), kNeither, format.substr(0, 60)));
}

std::string describeOther(std::string_view head)
{
    for (const Magic& magic : kKnown)
        if (head.starts_with(magic.bytes))
            return fmt::format("is {}, {}", magic.what, kNeither);
    return isText(head) ? fmt::format("is a text file, {}", kNeither) : fmt::format("is {}", kNeither);
}

} // namespace

Result<FileKind> fileKind(const fs::path& path)
{
    std::error_code status;
    const auto type = fs::status(path, status).type();
    if (type == fs::file_type::not_found)
        return fail(Errc::NotFound, path.string() + " does not exist");
    if (type == fs::file_type::directory)
        return folderKind(path);
    if (status)
        return fail(Errc::Io, fmt::format("cannot read {}: {}", path.string(), status.message()));
    if (type != fs::file_type::regular)
        return fail(Errc::BadFormat, path.string() + " is neither a file nor a folder");
    constexpr std::size_t kHead = 512;
    const auto head = readHead(path, kHead);
    if (!head)
        return forward(head);
    if (head->empty())
        return fail(Errc::BadFormat, fmt::format("{} is empty (0 bytes)", path.string()));
    if (hdf5::signatureOffset(path))
        return hdf5::guarded(path, [&] { return hdf5Kind(path); });
    return fail(Errc::BadFormat, fmt::format("{} {}", path.string(), describeOther(*head)));
}

} // namespace rnnscope::zoo
