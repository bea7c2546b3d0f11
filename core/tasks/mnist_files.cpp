#include "core/tasks/mnist.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <zlib.h>

namespace rnnscope::tasks {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kMostDigits = 1'000'000;
constexpr std::uint8_t kUnsignedBytes = 0x08; // the element type in an idx file's third byte

using GzFile = std::unique_ptr<gzFile_s, int (*)(gzFile)>;

/// One idx file: 0, 0, element type, number of axes; the axes as big-endian 32-bit numbers; the elements.
/// http://yann.lecun.com/exdb/mnist. zlib reads it whether it is compressed or not.
class IdxFile
{
public:
    static Result<IdxFile> open(const fs::path& folder, const std::string& name)
    {
        for (const char* ending : {"", ".gz"}) {
            const fs::path path = folder / (name + ending);
            std::error_code status;
            if (!fs::is_regular_file(path, status))
                continue;
            GzFile file(gzopen(path.c_str(), "rb"), gzclose);
            if (!file)
                return fail(Errc::Io, fmt::format("cannot open {}", path.string()));
            return IdxFile(path, std::move(file));
        }
        return fail(Errc::NotFound, fmt::format("{} has neither {} nor {}.gz", folder.string(), name, name));
    }

    /// The axes, of which there must be `count`.
    Result<std::vector<std::uint32_t>> readAxes(std::uint8_t count)
    {
        std::vector<std::uint8_t> head(4U + 4U * count);
        const auto wrong = [&](const std::string& why) {
            return fail(Errc::BadFormat, fmt::format("{} is no idx file of {} axes of bytes: {}", path(), count, why));
        };
        if (!read(head))
            return wrong("it ends inside its head");
        if (head[0] != 0 || head[1] != 0 || head[2] != kUnsignedBytes || head[3] != count)
            return wrong(fmt::format("it starts with {:02x} {:02x} {:02x} {:02x}", head[0], head[1], head[2], head[3]));
        std::vector<std::uint32_t> axes;
        for (std::size_t i = 4; i < head.size(); i += 4) {
            std::uint32_t axis = 0;
            for (std::size_t byte = 0; byte < 4; ++byte)
                axis = axis << 8U | head[i + byte];
            axes.push_back(axis);
        }
        return axes;
    }

    /// Exactly `count` elements, piece by piece: memory grows with what is in the file, not with what its head says.
    Result<std::vector<std::uint8_t>> readElements(std::size_t count)
    {
        constexpr std::size_t kPiece = std::size_t {1} << 20;
        std::vector<std::uint8_t> elements;
        while (elements.size() < count) {
            std::vector<std::uint8_t> piece(std::min(kPiece, count - elements.size()));
            if (!read(piece))
                return fail(Errc::BadFormat,
                            fmt::format("{} is damaged or ends before its {} elements", path(), count));
            elements.insert(elements.end(), piece.begin(), piece.end());
        }
        std::vector<std::uint8_t> more(1);
        if (read(more))
            return fail(Errc::BadFormat, fmt::format("{} goes on after its {} elements", path(), count));
        return elements;
    }

    std::string path() const { return m_path.string(); }

private:
    IdxFile(fs::path path, GzFile file)
        : m_path(std::move(path))
        , m_file(std::move(file))
    {
    }

    bool read(std::vector<std::uint8_t>& bytes)
    {
        return gzread(m_file.get(), bytes.data(), static_cast<unsigned>(bytes.size()))
            == static_cast<int>(bytes.size());
    }

    fs::path m_path;
    GzFile m_file;
};

Result<std::vector<std::uint8_t>> readImages(IdxFile file, std::size_t digits)
{
    const auto axes = file.readAxes(3);
    if (!axes)
        return forward(axes);
    const std::uint32_t count = (*axes)[0], rows = (*axes)[1], columns = (*axes)[2];
    if (count != digits || rows != kDigitSide || columns != kDigitSide)
        return fail(Errc::ShapeMismatch,
                    fmt::format("{} has {} images of {}x{}, expected {} of {}x{}, as many as there are labels",
                                file.path(), count, rows, columns, digits, kDigitSide, kDigitSide));
    return file.readElements(digits * kDigitPixels);
}

Result<std::vector<std::uint8_t>> readLabels(IdxFile file)
{
    const auto axes = file.readAxes(1);
    if (!axes)
        return forward(axes);
    const std::uint32_t count = axes->front();
    if (count == 0 || count > kMostDigits)
        return fail(Errc::BadFormat,
                    fmt::format("{} has {} labels, expected 1 to {}", file.path(), count, kMostDigits));
    auto labels = file.readElements(count);
    if (!labels)
        return forward(labels);
    for (std::size_t i = 0; i < labels->size(); ++i)
        if ((*labels)[i] >= kDigitClasses)
            return fail(Errc::BadFormat,
                        fmt::format("{}: label {} is {}, expected 0 to 9", file.path(), i, (*labels)[i]));
    return labels;
}

} // namespace

Result<Digits> readMnist(const fs::path& folder)
{
    auto labelFile = IdxFile::open(folder, "train-labels-idx1-ubyte");
    if (!labelFile)
        return forward(labelFile);
    auto labels = readLabels(std::move(*labelFile));
    if (!labels)
        return forward(labels);
    auto imageFile = IdxFile::open(folder, "train-images-idx3-ubyte");
    if (!imageFile)
        return forward(imageFile);
    auto pixels = readImages(std::move(*imageFile), labels->size());
    if (!pixels)
        return forward(pixels);
    return Digits {.pixels = std::move(*pixels), .labels = std::move(*labels)};
}

} // namespace rnnscope::tasks
