#include "core/weights/identify.h"

#include "core/weights/encoder_state.h"
#include "core/weights/readers.h"
#include "core/zoo/file_kind.h"

#include <algorithm>
#include <array>

namespace rnnscope::weights {

namespace {

constexpr std::size_t kHead = 512;
constexpr std::array<std::string_view, 14> kExtensions {".pt",   ".pth", ".ckpt",   ".bin",  ".safetensors",
                                                        ".npz",  ".npy", ".h5",     ".hdf5", ".keras",
                                                        ".onnx", ".pkl", ".pickle", ".tar"};

bool isContainer(std::string_view head)
{
    // a length of 8 bytes, some of them 0 as in no text, and JSON
    const bool safetensors = head.size() > 8 && head.substr(0, 8).find('\0') != std::string_view::npos
        && std::string_view("{[ ").find(head[8]) != std::string_view::npos;
    return head.starts_with("PK\x03\x04") || head.starts_with("\x93NUMPY") || head.starts_with("\x89HDF") || safetensors
        || looksLikePickle(head) || looksLikeOnnx(head);
}

bool hasWeightExtension(const fs::path& file)
{
    std::string extension = file.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Digits from `at` on, without leading zeros.
std::string_view digitsAt(std::string_view text, std::size_t at)
{
    std::size_t end = at;
    while (end < text.size() && isDigit(text[end]))
        ++end;
    while (at + 1 < end && text[at] == '0')
        ++at;
    return text.substr(at, end - at);
}

/// "net-2" before "net-10".
bool before(std::string_view a, std::string_view b)
{
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size(); ++i, ++j) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            const std::string_view x = digitsAt(a, i);
            const std::string_view y = digitsAt(b, j);
            if (x != y)
                return x.size() != y.size() ? x.size() < y.size() : x < y;
            i = static_cast<std::size_t>(x.data() - a.data()) + x.size() - 1;
            j = static_cast<std::size_t>(y.data() - b.data()) + y.size() - 1;
        } else if (a[i] != b[j]) {
            return a[i] < b[j];
        }
    }
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

bool isZooOrCheckpoint(const fs::path& file)
{
    const auto head = readHead(file, 4);
    return head && *head == "\x89HDF" && zoo::fileKind(file).has_value();
}

Result<InputKind> identifyFolder(const fs::path& folder, const Error& noZoo)
{
    const auto files = weightFilesIn(folder);
    if (!files)
        return forward(files);
    if (!files->empty())
        return InputKind::WeightsFolder;
    std::error_code status;
    if (fs::is_empty(folder, status))
        return tl::make_unexpected(noZoo);
    return fail(
        Errc::NotFound,
        fmt::format("{} is a folder without parameters.npy and without weight files, not a zoo", folder.string()));
}

} // namespace

bool looksLikeWeights(const fs::path& file)
{
    const auto head = readHead(file, kHead);
    return hasWeightExtension(file) || (head && isContainer(*head));
}

Result<std::vector<fs::path>> weightFilesIn(const fs::path& folder)
{
    std::error_code status;
    std::vector<fs::path> files;
    for (fs::directory_iterator at(folder, status); !status && at != fs::directory_iterator {}; at.increment(status)) {
        std::error_code ignored;
        // What has such a name and cannot be read is kept, so that somebody says why.
        if (!at->path().filename().string().starts_with(".") && !at->is_directory(ignored)
            && looksLikeWeights(at->path()) && !isZooOrCheckpoint(at->path()))
            files.push_back(at->path());
    }
    if (status)
        return fail(Errc::Io, fmt::format("cannot read {}: {}", folder.string(), status.message()));
    std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
        return before(a.filename().string(), b.filename().string());
    });
    return files;
}

Result<InputKind> identify(const fs::path& path)
{
    const auto kind = zoo::fileKind(path);
    if (kind) {
        switch (*kind) {
        case zoo::FileKind::Zoo:
            return InputKind::Zoo;
        case zoo::FileKind::AuthorsFolder:
            return InputKind::AuthorsFolder;
        case zoo::FileKind::Checkpoint:
            return InputKind::Checkpoint;
        }
    }
    std::error_code status;
    if (fs::is_directory(path, status))
        return identifyFolder(path, kind.error());
    if (kind.error().code == Errc::NotFound || kind.error().code == Errc::Io)
        return tl::make_unexpected(kind.error());
    const auto head = readHead(path, kHead);
    if (!head)
        return forward(head);
    const auto file = openTensorFile(path);
    if (file)
        return isEncoderState(**file) ? InputKind::EncoderState : InputKind::Weights;
    if (isContainer(*head))
        return InputKind::Weights;
    Error error = kind.error();
    if (error.message.ends_with("not a zoo or an encoder checkpoint"))
        error.message += ", nor a weight file";
    return tl::make_unexpected(std::move(error));
}

} // namespace rnnscope::weights
