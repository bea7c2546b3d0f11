#pragma once

#include "core/engine/engine.h"
#include "tests/ui/fake_training.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <semaphore>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace rnnscope::test {

/// What tests may do to the engine from their own thread.
struct FakeControl
{
    static constexpr std::size_t kBlock = 4;
    std::atomic<bool> gated = false; ///< every block after the first waits for a release of `gate`
    std::counting_semaphore<> gate {0};
    std::atomic<int> encoded = 0; ///< whole-zoo runs that were begun
    std::atomic<int> traced = 0;
    std::atomic<std::size_t> encodedFrom = 0; ///< first row of the last whole-zoo run
    std::string tracedZoo; ///< of the last trace; to be read when it has been answered
    std::size_t tracedRow = 0;
    FakeTrainingControl training;
};

/// "Embeds" by taking some weights of a network: others for encoders that are flat.
class FakeEncoder final : public engine::Encoder
{
public:
    FakeEncoder(zoo::EncoderConfig config, std::shared_ptr<FakeControl> control)
        : m_config(std::move(config))
        , m_control(std::move(control))
    {
    }

    const zoo::EncoderConfig& config() const override { return m_config; }
    engine::DeviceInfo device() const override { return {"cpu", "CPU, 2 threads"}; }

    Result<void> encode(const zoo::Zoo& zoo, const engine::EncodeOptions& options, const engine::BlockSink& sink,
                        Progress& progress, std::stop_token stop) override
    {
        ++(options.traces ? m_control->traced : m_control->encoded);
        if (options.traces) {
            m_control->tracedZoo = zoo.name;
            m_control->tracedRow = options.first;
        } else {
            m_control->encodedFrom = options.first;
        }
        const auto end = options.first + std::min(options.count, zoo.size - options.first);
        progress.begin("embedding", end - options.first);
        for (std::size_t first = options.first; first < end; first += FakeControl::kBlock) {
            if (m_control->gated && first > options.first && !waitAtGate(stop))
                return cancelled("embedding");
            auto block = encodeBlock(zoo, first, std::min(FakeControl::kBlock, end - first));
            if (!block)
                return forward(block);
            if (options.traces)
                block->traces = makeTraces(*block);
            if (auto taken = sink(std::move(*block)); !taken)
                return taken;
            progress.update(std::min(first + FakeControl::kBlock, end) - options.first);
        }
        return {};
    }

private:
    bool waitAtGate(const std::stop_token& stop)
    {
        const std::stop_callback wake(stop, [this] { m_control->gate.release(); });
        m_control->gate.acquire();
        return !stop.stop_requested();
    }

    Result<engine::EncodedBlock> encodeBlock(const zoo::Zoo& zoo, std::size_t first, std::size_t count) const
    {
        const auto parameters = zoo.architecture.parameterCount();
        std::vector<float> weights(count * parameters);
        if (auto read = zoo.parameters->read(first, count, weights); !read)
            return forward(read);
        engine::EncodedBlock block;
        block.first = first;
        block.embedding = Matrix(count, static_cast<std::size_t>(m_config.embeddingSize));
        const std::size_t skipped = m_config.kind == zoo::EncoderKind::Flat ? 5 : 0;
        for (std::size_t i = 0; i < count; ++i) {
            const auto own = std::span(weights).subspan(i * parameters, parameters);
            const bool finite = std::all_of(own.begin(), own.end(), [](float each) { return std::isfinite(each); });
            if (!finite)
                block.failed.push_back(first + i);
            for (std::size_t d = 0; d < block.embedding.columns; ++d)
                block.embedding(i, d) = finite ? own[skipped + d] : std::numeric_limits<float>::quiet_NaN();
        }
        block.raw = block.embedding;
        return block;
    }

    /// All are asked the same; the network of row n finds its n-th class the likeliest.
    engine::Traces makeTraces(const engine::EncodedBlock& block) const
    {
        const std::size_t count = block.embedding.rows;
        engine::Traces traces;
        traces.steps = static_cast<std::size_t>(m_config.probingLength);
        traces.parallel = 1;
        traces.inputSize = static_cast<std::size_t>(m_config.rnn.inputSize);
        traces.outputSize = static_cast<std::size_t>(m_config.rnn.outputSize);
        traces.inputs.assign(count * traces.steps * traces.inputSize, 1.0F / static_cast<float>(traces.inputSize));
        traces.outputs.assign(count * traces.steps * traces.outputSize, 0.0F);
        for (std::size_t i = 0; i < count * traces.steps; ++i) {
            const std::size_t row = block.first + i / traces.steps;
            const bool failed = std::find(block.failed.begin(), block.failed.end(), row) != block.failed.end();
            const auto own = std::span(traces.outputs).subspan(i * traces.outputSize, traces.outputSize);
            own[row % traces.outputSize] = 1.0F;
            if (failed)
                std::fill(own.begin(), own.end(), std::numeric_limits<float>::quiet_NaN());
        }
        return traces;
    }

    zoo::EncoderConfig m_config;
    std::shared_ptr<FakeControl> m_control;
};

/// Says symbol 0 at the first two steps, then the last one, whatever it reads: "aa⊣". The first number of the embedding
/// is added to the logit of symbol 1.
class FakeEmulator final : public engine::Emulator
{
public:
    explicit FakeEmulator(const zoo::EncoderConfig& config)
        : m_inputs(static_cast<std::size_t>(config.rnn.inputSize))
        , m_outputs(static_cast<std::size_t>(config.rnn.outputSize))
    {
    }
    std::size_t inputSize() const override { return m_inputs; }
    std::size_t outputSize() const override { return m_outputs; }
    Result<void> begin(std::span<const float> embedding, std::size_t sequences) override
    {
        m_first = embedding.front();
        m_sequences = sequences;
        m_step = 0;
        return {};
    }
    Result<void> step(std::span<const float>, std::span<float> logits) override
    {
        for (std::size_t s = 0; s < m_sequences; ++s)
            for (std::size_t o = 0; o < m_outputs; ++o)
                logits[s * m_outputs + o]
                    = (o == (m_step < 2 ? 0 : m_outputs - 1) ? 20.0F : 0.0F) + (o == 1 ? m_first : 0.0F);
        ++m_step;
        return {};
    }

private:
    std::size_t m_inputs;
    std::size_t m_outputs;
    float m_first = 0.0F;
    std::size_t m_sequences = 0;
    std::size_t m_step = 0;
};

class FakeEngine final : public engine::Engine
{
public:
    explicit FakeEngine(std::shared_ptr<FakeControl> control)
        : m_control(std::move(control))
    {
    }

    std::vector<engine::DeviceInfo> devices() const override { return {{"cpu", "CPU, 2 threads"}}; }
    void setThreads(int) override { }
    Result<std::unique_ptr<engine::Encoder>> makeEncoder(const zoo::Checkpoint& checkpoint,
                                                         engine::DeviceChoice) override
    {
        return std::make_unique<FakeEncoder>(checkpoint.config, m_control);
    }
    Result<std::unique_ptr<engine::Emulator>> makeEmulator(const zoo::Checkpoint& checkpoint,
                                                           engine::DeviceChoice) override
    {
        if (checkpoint.emulator.empty())
            return fail(Errc::NotFound, "no emulator");
        return std::make_unique<FakeEmulator>(checkpoint.config);
    }
    Result<std::unique_ptr<engine::TrainingRun>> startTraining(std::shared_ptr<const zoo::Zoo>,
                                                               const engine::TrainOptions& options,
                                                               const zoo::Checkpoint* unfinished, Progress&) override
    {
        ++m_control->training.started;
        auto run = std::make_unique<FakeTrainingRun>(
            options, std::shared_ptr<FakeTrainingControl>(m_control, &m_control->training));
        if (unfinished != nullptr)
            run->goOnAt(unfinished->resume->step);
        return run;
    }

private:
    std::shared_ptr<FakeControl> m_control;
};

} // namespace rnnscope::test
