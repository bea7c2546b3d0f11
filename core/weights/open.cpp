#include "core/base/printable.h"
#include "core/weights/readers.h"

#include <algorithm>
#include <array>

namespace rnnscope::weights {

namespace {

constexpr std::size_t kHead = 512;

struct Magic
{
    std::string_view bytes;
    std::string_view what;
};

/// What people drop by mistake.
constexpr std::array<Magic, 10> kOthers {{{"\x89PNG", "a PNG image"},
                                          {"\xff\xd8\xff", "a JPEG image"},
                                          {"GIF8", "a GIF image"},
                                          {"%PDF", "a PDF document"},
                                          {"PK\x05\x06", "an empty ZIP archive"},
                                          {"\x1f\x8b", "a gzip archive"},
                                          {"\x7f"
                                           "ELF",
                                           "a program"},
                                          {"TFL3", "a TensorFlow Lite model"},
                                          {"GGUF", "a GGUF file"},
                                          {"BZh", "a bzip2 archive"}}};

std::string lastPart(std::string_view path)
{
    return std::string(path.substr(path.rfind('/') + 1));
}

OpenedFile openZip(const std::shared_ptr<const MappedFile>& file)
{
    const auto archive = ZipArchive::open(file);
    if (!archive)
        return forward(archive);
    const auto& entries = (*archive)->entries();
    const auto any = [&](const auto& is) {
        return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) { return is(entry.name); });
    };
    if (any([](const std::string& name) { return lastPart(name) == "data.pkl"; }))
        return openTorchZip(*archive);
    if ((*archive)->find("config.json") != nullptr
        || any([](const auto& name) { return name.ends_with(".weights.h5"); }))
        return openKerasArchive(*archive);
    if (any([](const std::string& name) { return name.ends_with(".npy"); }))
        return openNpz(*archive);
    return fail(Errc::BadFormat,
                fmt::format("{} is a ZIP archive without weights in it (expected data.pkl of PyTorch, .npy arrays or a "
                            "Keras model)",
                            file->path().string()));
}

bool isSafetensors(std::string_view head)
{
    return head.size() >= 9 && (head[8] == '{' || head.substr(8).starts_with(" ") || head.substr(8).starts_with("[["));
}

bool isText(std::string_view head)
{
    return std::all_of(head.begin(), head.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 ? byte != 0x7f : c == '\n' || c == '\r' || c == '\t' || c == '\f';
    });
}

std::string describeOther(std::string_view head)
{
    for (const Magic& magic : kOthers)
        if (head.starts_with(magic.bytes))
            return fmt::format("is {}, not a weight file", magic.what);
    return isText(head) ? "is a text file, not a weight file" : "is not a weight file of a known format";
}

} // namespace

Result<std::shared_ptr<const TensorFile>> openTensorFile(const fs::path& path)
{
    const auto file = MappedFile::open(path);
    if (!file)
        return forward(file);
    const auto head = readHead(path, kHead);
    if (!head)
        return forward(head);
    if (head->empty())
        return fail(Errc::BadFormat, fmt::format("{} is empty (0 bytes)", path.string()));
    if (head->starts_with("PK\x03\x04"))
        return openZip(*file);
    if (head->starts_with("\x93NUMPY"))
        return openNpy(*file);
    if (head->starts_with("\x89HDF"))
        return openHdf5(*file);
    if (looksLikePickle(*head))
        return openTorchLegacy(*file);
    if (isSafetensors(*head))
        return openSafetensors(*file);
    if (looksLikeOnnx(*head))
        return openOnnx(*file);
    return fail(Errc::BadFormat, fmt::format("{} {}", path.string(), describeOther(*head)));
}

} // namespace rnnscope::weights
