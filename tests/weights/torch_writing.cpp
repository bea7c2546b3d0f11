#include "weights/torch_writing.h"

#include <gtest/gtest.h>

#include <cstring>
#include <zip.h>

namespace rnnscope::weights::writing {

namespace {

template <typename T>
Text bytesOf(T value)
{
    Text bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

} // namespace

Text joined(const Texts& parts)
{
    Text all;
    for (const Text& part : parts)
        all += part;
    return all;
}

Text text(std::string_view value)
{
    return joined({"X", bytesOf(static_cast<std::uint32_t>(value.size())), Text(value)});
}

Text integer(std::int64_t value)
{
    return joined({"\x8a\x08", bytesOf(value)});
}

Text global(std::string_view module, std::string_view name)
{
    return fmt::format("c{}\n{}\n", module, name);
}

Text tuple(const Texts& parts)
{
    return joined({"(", joined(parts), "t"});
}

Text list(const Texts& parts)
{
    return joined({"](", joined(parts), "e"});
}

Text dict(const std::vector<std::pair<Text, Text>>& entries)
{
    Text all = "}(";
    for (const auto& [key, value] : entries)
        all += text(key) + value;
    return all + "u";
}

Text shape(const std::vector<std::int64_t>& sizes)
{
    Texts parts;
    for (const std::int64_t size : sizes)
        parts.push_back(integer(size));
    return tuple(parts);
}

Text called(const Text& callee, const Text& arguments)
{
    return callee + arguments + "R";
}

Text storage(std::string_view type, std::string_view key, std::int64_t entries)
{
    return tuple({text("storage"), global("torch", type), text(key), text("cpu"), integer(entries)}) + "Q";
}

Text tensor(const Text& storage, std::int64_t offset, const std::vector<std::int64_t>& sizes,
            const std::vector<std::int64_t>& strides)
{
    return called(global("torch._utils", "_rebuild_tensor_v2"),
                  tuple({storage, integer(offset), shape(sizes), shape(strides), "\x89",
                         called(global("collections", "OrderedDict"), ")")}));
}

Text vector(std::string_view key, std::int64_t entries)
{
    return tensor(storage("FloatStorage", key, entries), 0, {entries}, {1});
}

Text evil(const fs::path& folder)
{
    return called(global("os", "system"), tuple({text("touch " + (folder / "pwned").string())}));
}

Text pickled(const Text& value)
{
    return joined({"\x80\x02", value, "."});
}

Text floats(const std::vector<float>& values)
{
    Text bytes(values.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

fs::path writeZip(const Scratch& scratch, const std::vector<ZipPart>& parts)
{
    const fs::path path = scratch / "net.pt";
    int code = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    for (const ZipPart& part : parts) {
        zip_source_t* source = zip_source_buffer(archive, part.bytes.data(), part.bytes.size(), 0);
        const auto index = zip_file_add(archive, ("net/" + part.name).c_str(), source, ZIP_FL_ENC_UTF_8);
        zip_set_file_compression(archive, static_cast<zip_uint64_t>(index),
                                 part.deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    }
    EXPECT_EQ(zip_close(archive), 0);
    return path;
}

fs::path writeTorch(const Scratch& scratch, const Text& value, const Texts& records)
{
    std::vector<ZipPart> parts {{"data.pkl", pickled(value)}};
    for (const Text& record : records)
        parts.push_back({fmt::format("data/{}", parts.size() - 1), record});
    return writeZip(scratch, parts);
}

Texts legacyPickles(const Text& value, const std::vector<LegacyStorage>& storages)
{
    Texts keys;
    for (const auto& one : storages)
        keys.push_back(text(one.key));
    return {pickled("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"), pickled(integer(1001)),
            pickled(dict({{"little_endian", "\x88"}})), pickled(value), pickled(list(keys))};
}

fs::path writeLegacy(const Scratch& scratch, const Texts& pickles, const std::vector<LegacyStorage>& storages)
{
    Text all = joined(pickles);
    for (const auto& one : storages)
        all += bytesOf(one.entries) + one.bytes;
    return scratch.write("net.tar", all);
}

} // namespace rnnscope::weights::writing
