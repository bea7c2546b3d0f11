#pragma once

#include "core/engine/engine.h"

namespace rnnscope::test {

/// Says what tests can compute by hand. A network's embedding is (cos a, sin a) with a = its row; its emulation loss is
/// row / 100; every head for `accuracy` predicts `predicted` for every network, calibrated so that it is off by at most
/// `halfWidth`.
class ScriptedEngine final : public engine::Engine
{
public:
    std::vector<engine::DeviceInfo> devices() const override { return {{"cpu", "scripted"}}; }
    void setThreads(int /*threads*/) override { }
    Result<std::unique_ptr<engine::Encoder>> makeEncoder(const zoo::Checkpoint& checkpoint,
                                                         engine::DeviceChoice device) override;
    Result<std::vector<zoo::Head>> trainHeads(const zoo::Zoo& zoo, const Matrix& embedding,
                                              std::span<const zoo::Split> splits, const engine::HeadOptions& options,
                                              Progress& progress, std::stop_token stop) override;
    Result<std::vector<double>> emulationLosses(const zoo::Zoo& zoo, const zoo::Checkpoint& checkpoint,
                                                const engine::EmulationOptions& options, Progress& progress,
                                                std::stop_token stop) override;
    Result<zoo::ConstantBaseline> trainConstant(std::shared_ptr<const zoo::Zoo> zoo,
                                                const engine::TrainOptions& options, Progress& progress,
                                                std::stop_token stop) override;

    /// A head for `accuracy` on embeddings of `size` numbers.
    zoo::Head head(std::size_t size) const;

    double predicted = 0.5;
    double halfWidth = 0.6;
    int headTrainings = 0;
    int constantTrainings = 0;
};

} // namespace rnnscope::test
