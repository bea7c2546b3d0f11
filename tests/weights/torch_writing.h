#pragma once

#include "weights/weight_files.h"

#include <cstdint>
#include <utility>
#include <vector>

/// Pickles and PyTorch files by hand. Functions give opcodes that leave one value on the stack; they are joined to say
/// what is to be in the file.
namespace rnnscope::weights::writing {

using Text = std::string;
using Texts = std::vector<Text>;

Text joined(const Texts& parts);
Text text(std::string_view value);
Text integer(std::int64_t value);
Text global(std::string_view module, std::string_view name);
Text tuple(const Texts& parts);
Text list(const Texts& parts);
Text dict(const std::vector<std::pair<Text, Text>>& entries); ///< keys are texts, not opcodes
Text shape(const std::vector<std::int64_t>& sizes);
Text called(const Text& callee, const Text& arguments);
/// torch's persistent id: storage("FloatStorage", "0", 24)
Text storage(std::string_view type, std::string_view key, std::int64_t entries);
/// _rebuild_tensor_v2
Text tensor(const Text& storage, std::int64_t offset, const std::vector<std::int64_t>& sizes,
            const std::vector<std::int64_t>& strides);
/// One after the other from 0 in a FloatStorage of as many entries.
Text vector(std::string_view key, std::int64_t entries);
/// os.system('touch <folder>/pwned')
Text evil(const fs::path& folder);
/// Header and STOP.
Text pickled(const Text& value);

Text floats(const std::vector<float>& values); ///< their bytes

struct ZipPart
{
    std::string name;
    std::string bytes;
    bool deflate = false;
};

/// A zip of these parts below the folder "net".
fs::path writeZip(const Scratch& scratch, const std::vector<ZipPart>& parts);
/// data.pkl with a value and records "data/0", "data/1"…
fs::path writeTorch(const Scratch& scratch, const Text& value, const Texts& records = {});
/// Before 1.6: five pickles, then the storages (key, entries, bytes).
struct LegacyStorage
{
    std::string key;
    std::uint64_t entries = 0;
    std::string bytes;
};
Texts legacyPickles(const Text& value, const std::vector<LegacyStorage>& storages);
fs::path writeLegacy(const Scratch& scratch, const Texts& pickles, const std::vector<LegacyStorage>& storages);

} // namespace rnnscope::weights::writing
