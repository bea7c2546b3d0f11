#include "app/small_files.h"

#include "core/zoo/checkpoint.h"

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <stdexcept>

namespace rnnscope::test {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kParameters = 156; // 12x6 + 12x3 + 12 + 12 + 6x3 + 6
constexpr std::size_t kSequences = 2;
constexpr std::size_t kSteps = 5;
constexpr std::size_t kTokens = 6;

template <typename Value>
void writeNpy(const fs::path& path, std::string_view type, const std::vector<std::size_t>& shape,
              const std::vector<Value>& values)
{
    std::string sizes;
    for (const std::size_t size : shape)
        sizes += std::to_string(size) + ", ";
    std::string header = "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
    header.resize((header.size() + 11 + 63) / 64 * 64 - 11, ' ');
    header += '\n';
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(header.size() & 0xFFU);
    bytes += static_cast<char>(header.size() >> 8U);
    bytes += header;
    const std::size_t start = bytes.size();
    bytes.resize(start + values.size() * sizeof(Value));
    std::memcpy(bytes.data() + start, values.data(), values.size() * sizeof(Value));
    writeBytes(path, bytes);
}

std::vector<float> randomValues(std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<float> values(count);
    for (float& value : values)
        value = static_cast<float>(random()) / 4294967296.0F - 0.5F;
    return values;
}

zoo::Tensor randomTensor(std::vector<std::int64_t> shape, unsigned seed)
{
    std::size_t count = 1;
    for (const std::int64_t size : shape)
        count *= static_cast<std::size_t>(size);
    return {std::move(shape), randomValues(count, seed)};
}

zoo::Head realHead(const std::string& property, std::int64_t dimension, unsigned seed)
{
    zoo::Head head;
    head.property = property;
    head.mean = {0.5};
    head.scale = {0.25};
    head.state["0.weight"] = randomTensor({1, dimension}, seed);
    head.state["0.bias"] = randomTensor({1}, seed + 1);
    return head;
}

template <typename T>
void require(const Result<T>& result)
{
    if (!result)
        throw std::runtime_error(result.error().message);
}

/// All of a zoo's parameters with one entry replaced.
class SpoiltParameters final : public zoo::ParameterSource
{
public:
    SpoiltParameters(std::vector<float> values, std::size_t columns)
        : m_values(std::move(values))
        , m_columns(columns)
    {
    }
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        std::copy_n(m_values.begin() + static_cast<std::ptrdiff_t>(first * m_columns), count * m_columns, out.begin());
        return {};
    }
    bool isHalf() const override { return false; }

private:
    std::vector<float> m_values;
    std::size_t m_columns;
};

} // namespace

fs::path writeAuthorsFolder(const fs::path& parent)
{
    const fs::path folder = parent / "formal_languages_tokens_4_length_5_1x3";
    fs::create_directories(folder);
    writeNpy(folder / "parameters.npy", "<f4", {kNetworks, kParameters}, randomValues(kNetworks * kParameters, 1));
    std::vector<std::int64_t> tasks;
    std::vector<std::int64_t> runs;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(kNetworks); ++i) {
        tasks.insert(tasks.end(), {0, i / 2, -i / 2, 1});
        runs.insert(runs.end(), {i / 2, i % 2 * 100, 150 * i});
    }
    writeNpy(folder / "tasks.npy", "<i8", {kNetworks, 4}, tasks);
    writeNpy(folder / "num_step_correct.npy", "<i8", {kNetworks, 3}, runs);
    std::vector<std::int16_t> tokens(kNetworks * kSequences * kSteps);
    for (std::size_t i = 0; i < tokens.size(); ++i)
        tokens[i] = static_cast<std::int16_t>(i % kSteps == 0 ? 4 : i % 4);
    writeNpy(folder / "sequences.npy", "<i2", {kNetworks, kSequences, kSteps}, tokens);
    // log(1/6) is -1.792: 0xBF2B in float16
    writeNpy(folder / "logits.npy", "<f2", {kNetworks, kSequences, kSteps - 1, kTokens},
             std::vector<std::uint16_t>(kNetworks * kSequences * (kSteps - 1) * kTokens, 0xBF2B));
    writeBytes(folder / "args.json",
               R"({"num_tokens": 4, "sequence_length": 5, "rnn_hidden_size": 3, "rnn_num_layers": 1})");
    return folder;
}

void writeFlatEncoder(const fs::path& path, const zoo::Zoo& zoo)
{
    zoo::Checkpoint checkpoint;
    checkpoint.config = zoo::paperConfig(zoo::EncoderKind::Flat, zoo.architecture, zoo.family);
    checkpoint.config.embeddingSize = 4;
    checkpoint.config.mlpHiddenSizes = {8};
    checkpoint.encoder["mlp_model.0.weight"] = randomTensor({8, kParameters}, 2);
    checkpoint.encoder["mlp_model.0.bias"] = randomTensor({8}, 3);
    checkpoint.encoder["mlp_model.2.weight"] = randomTensor({4, 8}, 4);
    checkpoint.encoder["mlp_model.2.bias"] = randomTensor({4}, 5);
    checkpoint.heads = {realHead("accuracy", 4, 6), realHead("charm", 4, 8)};
    checkpoint.training.emplace();
    checkpoint.training->splits.train = {0};
    checkpoint.training->splits.ood = {2};
    const auto fingerprint = zoo::fingerprint(zoo);
    require(fingerprint);
    checkpoint.zooFingerprint = *fingerprint;
    require(zoo::writeCheckpoint(checkpoint, path));
}

void writeZooWithNan(const fs::path& path, const zoo::Zoo& zoo, std::size_t row)
{
    std::vector<float> values(zoo.size * kParameters);
    require(zoo.parameters->read(0, zoo.size, values));
    values[row * kParameters + 7] = std::numeric_limits<float>::quiet_NaN();
    zoo::Zoo spoilt = zoo;
    spoilt.parameters = std::make_shared<SpoiltParameters>(std::move(values), kParameters);
    NoProgress progress;
    require(zoo::writeZoo(spoilt, path, {}, progress, {}));
}

void writeBytes(const fs::path& path, std::string_view bytes)
{
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string readBytes(const fs::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace rnnscope::test
