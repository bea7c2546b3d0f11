#include "core/weights/save_format.h"

#include "core/zoo/array_source.h"

#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <zip.h>

namespace rnnscope::weights {

namespace {

static_assert(std::endian::native == std::endian::little, "numbers are written as they are");

std::string_view bytesOf(std::span<const float> values)
{
    return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

std::string_view bytesOf(const std::uint64_t& value)
{
    return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

/// The header's JSON; the format's metadata are texts.
std::string describe(const zoo::Architecture& architecture, std::span<const SavedTensor> tensors)
{
    nlohmann::ordered_json header;
    header["__metadata__"] = {{"format", "pt"},
                              {"cell", zoo::name(architecture.cell)},
                              {"input_size", std::to_string(architecture.inputSize)},
                              {"hidden_size", std::to_string(architecture.hiddenSize)},
                              {"num_layers", std::to_string(architecture.numLayers)},
                              {"output_size", std::to_string(architecture.outputSize)},
                              {"bias", architecture.bias ? "true" : "false"}};
    std::size_t begin = 0;
    for (const SavedTensor& tensor : tensors) {
        const std::size_t end = begin + tensor.values.size_bytes();
        header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
        begin = end;
    }
    return header.dump();
}

/// A .npy of version 1, its numbers aligned to 64 bytes as NumPy does.
std::string npyBytes(const SavedTensor& tensor)
{
    constexpr std::size_t kAlignment = 64;
    constexpr std::size_t kBeforeText = 10;
    std::string text
        = fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': {}, }}", zoo::describeShape(tensor.shape));
    const std::size_t size = (kBeforeText + text.size() + 1 + kAlignment - 1) / kAlignment * kAlignment - kBeforeText;
    text.resize(size, ' ');
    text.back() = '\n';
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes.push_back(static_cast<char>(size & 0xffU));
    bytes.push_back(static_cast<char>(size >> 8U));
    return bytes.append(text).append(bytesOf(tensor.values));
}

struct Discard
{
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

/// `bytes` must live until the archive is closed.
bool addPart(zip_t* archive, const std::string& name, const std::string& bytes)
{
    constexpr zip_uint16_t kFirstDay = (1U << 5U) | 1U; // 1 January 1980, so that equal networks are equal files
    zip_source_t* const source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    if (source == nullptr)
        return false;
    const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return false;
    }
    const auto part = static_cast<zip_uint64_t>(index);
    return zip_set_file_compression(archive, part, ZIP_CM_STORE, 0) == 0
        && zip_file_set_dostime(archive, part, 0, kFirstDay, 0) == 0;
}

} // namespace

tl::unexpected<Error> cannotWrite(const fs::path& target, int reason)
{
    return fail(Errc::Io,
                fmt::format("cannot write {}: {}", target.string(),
                            reason == 0 ? "the disk refused it" : std::strerror(reason)));
}

Result<void> writeBytes(std::span<const std::string_view> pieces, const fs::path& file, const fs::path& target)
{
    errno = 0;
    std::ofstream out(file, std::ios::binary);
    for (const std::string_view piece : pieces)
        out.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    out.close();
    if (!out)
        return cannotWrite(target, errno);
    return {};
}

Result<void> writeSafetensors(const zoo::Architecture& architecture, std::span<const SavedTensor> tensors,
                              const fs::path& file, const fs::path& target)
{
    std::string header = describe(architecture, tensors);
    header.resize((header.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = header.size();
    std::vector<std::string_view> pieces {bytesOf(length), header};
    for (const SavedTensor& tensor : tensors)
        pieces.push_back(bytesOf(tensor.values));
    return writeBytes(pieces, file, target);
}

Result<void> writeNpz(std::span<const SavedTensor> tensors, const fs::path& file, const fs::path& target)
{
    int code = 0;
    const auto failed = [&](zip_error_t* error) {
        const int reason = zip_error_system_type(error) == ZIP_ET_SYS ? zip_error_code_system(error) : 0;
        return cannotWrite(target, reason);
    };
    std::vector<std::string> parts; // before the archive, which reads them until it is closed
    Archive archive(zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
    if (!archive)
        return cannotWrite(target, errno);
    for (const SavedTensor& tensor : tensors)
        parts.push_back(npyBytes(tensor));
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (!addPart(archive.get(), tensors[i].name + ".npy", parts[i]))
            return failed(zip_get_error(archive.get()));
    if (zip_close(archive.get()) != 0)
        return failed(zip_get_error(archive.get()));
    static_cast<void>(archive.release()); // closing freed it
    return {};
}

} // namespace rnnscope::weights
