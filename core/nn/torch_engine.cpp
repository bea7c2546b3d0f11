#include "core/nn/torch_engine.h"

#include "core/base/threads.h"
#include "core/nn/batched_trainer.h"
#include "core/nn/constant_baseline.h"
#include "core/nn/devices.h"
#include "core/nn/emulation_losses.h"
#include "core/nn/freed_memory.h"
#include "core/nn/head_trainer.h"
#include "core/nn/torch_emulator.h"
#include "core/nn/torch_encoder.h"
#include "core/nn/training_run.h"

#include <ATen/Parallel.h>
#include <torch/cuda.h>

namespace rnnscope::nn {

namespace {

class TorchEngine final : public engine::Engine
{
public:
    TorchEngine()
    {
        keepFreedMemory();
        setThreads(0);
    }

    std::vector<engine::DeviceInfo> devices() const override
    {
        std::vector<engine::DeviceInfo> found {describe(c10::Device(c10::kCPU))};
        const int gpus = torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
        for (int i = 0; i < gpus; ++i)
            found.push_back(describe(c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(i))));
        return found;
    }

    void setThreads(int threads) override { at::set_num_threads(threads > 0 ? threads : availableCores()); }

    Result<std::unique_ptr<engine::Encoder>> makeEncoder(const zoo::Checkpoint& checkpoint,
                                                         engine::DeviceChoice choice) override
    {
        const auto device = resolveDevice(choice);
        if (!device)
            return forward(device);
        return TorchEncoder::make(checkpoint, *device);
    }

    Result<std::unique_ptr<engine::Emulator>> makeEmulator(const zoo::Checkpoint& checkpoint,
                                                           engine::DeviceChoice choice) override
    {
        const auto device = resolveDevice(choice);
        if (!device)
            return forward(device);
        return TorchEmulator::make(checkpoint, *device);
    }

    Result<std::unique_ptr<engine::TrainingRun>> startTraining(std::shared_ptr<const zoo::Zoo> zoo,
                                                               const engine::TrainOptions& options,
                                                               const zoo::Checkpoint* unfinished,
                                                               Progress& progress) override
    {
        const auto device = resolveDevice(options.device);
        if (!device)
            return forward(device);
        return nn::startTraining(std::move(zoo), options, *device, unfinished, progress);
    }

    Result<std::vector<double>> emulationLosses(const zoo::Zoo& zoo, const zoo::Checkpoint& checkpoint,
                                                const engine::EmulationOptions& options, Progress& progress,
                                                std::stop_token stop) override
    {
        const auto device = resolveDevice(options.device);
        if (!device)
            return forward(device);
        return nn::emulationLosses(zoo, checkpoint, options, *device, progress, stop);
    }

    Result<zoo::ConstantBaseline> trainConstant(std::shared_ptr<const zoo::Zoo> zoo,
                                                const engine::TrainOptions& options, Progress& progress,
                                                std::stop_token stop) override
    {
        const auto device = resolveDevice(options.device);
        if (!device)
            return forward(device);
        return nn::trainConstant(std::move(zoo), options, *device, progress, stop);
    }

    Result<std::vector<zoo::Head>> trainHeads(const zoo::Zoo& zoo, const Matrix& embedding,
                                              std::span<const zoo::Split> splits, const engine::HeadOptions& options,
                                              Progress& progress, std::stop_token stop) override
    {
        return nn::trainHeads(zoo, embedding, splits, options, progress, std::move(stop));
    }

    Result<rnn::TrainerKind> networkTrainers(engine::DeviceChoice choice) override
    {
        const auto device = resolveDevice(choice);
        if (!device)
            return forward(device);
        return batchedTrainers(*device);
    }
};

} // namespace

std::unique_ptr<engine::Engine> makeTorchEngine()
{
    return std::make_unique<TorchEngine>();
}

} // namespace rnnscope::nn
