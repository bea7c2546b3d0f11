#include "evaluation/scripted_engine.h"

#include <cmath>

namespace rnnscope::test {

namespace {

class ScriptedEncoder final : public engine::Encoder
{
public:
    explicit ScriptedEncoder(zoo::EncoderConfig config)
        : m_config(std::move(config))
    {
    }
    const zoo::EncoderConfig& config() const override { return m_config; }
    engine::DeviceInfo device() const override { return {"cpu", "scripted"}; }
    Result<void> encode(const zoo::Zoo& zoo, const engine::EncodeOptions& /*options*/, const engine::BlockSink& sink,
                        Progress& /*progress*/, std::stop_token stop) override
    {
        if (stop.stop_requested())
            return cancelled("embedding");
        engine::EncodedBlock block;
        block.embedding = Matrix(zoo.size, 2);
        for (std::size_t row = 0; row < zoo.size; ++row) {
            block.embedding(row, 0) = static_cast<float>(std::cos(static_cast<double>(row)));
            block.embedding(row, 1) = static_cast<float>(std::sin(static_cast<double>(row)));
        }
        block.raw = block.embedding;
        return sink(std::move(block));
    }

private:
    zoo::EncoderConfig m_config;
};

} // namespace

Result<std::unique_ptr<engine::Encoder>> ScriptedEngine::makeEncoder(const zoo::Checkpoint& checkpoint,
                                                                     engine::DeviceChoice /*device*/)
{
    return std::make_unique<ScriptedEncoder>(checkpoint.config);
}

Result<std::vector<zoo::Head>> ScriptedEngine::trainHeads(const zoo::Zoo& /*zoo*/, const Matrix& embedding,
                                                          std::span<const zoo::Split> /*splits*/,
                                                          const engine::HeadOptions& /*options*/,
                                                          Progress& /*progress*/, std::stop_token stop)
{
    if (stop.stop_requested())
        return cancelled("training heads");
    ++headTrainings;
    return std::vector<zoo::Head> {head(embedding.columns)};
}

Result<std::vector<double>> ScriptedEngine::emulationLosses(const zoo::Zoo& zoo, const zoo::Checkpoint& /*checkpoint*/,
                                                            const engine::EmulationOptions& /*options*/,
                                                            Progress& /*progress*/, std::stop_token /*stop*/)
{
    std::vector<double> losses(zoo.size);
    for (std::size_t row = 0; row < zoo.size; ++row)
        losses[row] = static_cast<double>(row) / 100.0;
    return losses;
}

Result<zoo::ConstantBaseline> ScriptedEngine::trainConstant(std::shared_ptr<const zoo::Zoo> /*zoo*/,
                                                            const engine::TrainOptions& options, Progress& /*progress*/,
                                                            std::stop_token /*stop*/)
{
    ++constantTrainings;
    return zoo::ConstantBaseline {options.constantSteps, 0.3, 0.5, 0.6, 0.7};
}

zoo::Head ScriptedEngine::head(std::size_t size) const
{
    zoo::Head head;
    head.property = "accuracy";
    head.mean = {0.0};
    head.scale = {1.0};
    const auto inputs = static_cast<std::int64_t>(size);
    head.state["0.weight"] = {{2, inputs}, std::vector<float>(2 * size, 0.0F)};
    head.state["0.bias"] = {{2}, {static_cast<float>(predicted), 0.0F}}; // spread 1
    // Many equal scores in as many groups: every level's threshold is the half width.
    head.calibration.scores.assign(100, halfWidth);
    for (std::int64_t group = 0; group < 100; ++group)
        head.calibration.groups.push_back(group);
    return head;
}

} // namespace rnnscope::test
