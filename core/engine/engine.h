#pragma once

#include "core/base/matrix.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/rnn/group_trainer.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

/// All that needs LibTorch, in plain types. The implementation is core/nn, loaded at run time by loadEngine().
namespace rnnscope::engine {

/// "auto", "cpu", "cuda", "cuda:N".
struct DeviceChoice
{
    enum class Kind { Auto, Cpu, Cuda };
    Kind kind = Kind::Auto;
    int index = 0; ///< CUDA device
};
Result<DeviceChoice> parseDevice(std::string_view text);

struct DeviceInfo
{
    std::string name; ///< "cpu", "cuda:0"
    std::string description; ///< "CPU, 2 threads", "NVIDIA H100 80GB"
};

/// Of products with an encoder's weights; the networks themselves always run in float32. BFloat16 rounds what is
/// multiplied to 8 significant bits and sums in float32; an encoder whose products gain nothing by it stays in float32
/// and says so by progress.note().
enum class Precision { Float32, BFloat16 };
/// "fp32", "bf16".
Result<Precision> parsePrecision(std::string_view text);
std::string_view name(Precision precision);

struct EncodeOptions
{
    bool traces = false; ///< keep probes and answers (probing encoders only)
    std::size_t first = 0; ///< first network of the zoo
    std::size_t count = static_cast<std::size_t>(-1); ///< at most so many networks
    std::size_t batch = 0; ///< networks at once; 0: what fits `memoryBudget`
    std::size_t memoryBudget = std::size_t {128} << 20; ///< bytes a batch may need for intermediate results
    Precision precision = Precision::Float32;
};

/// Probes and answers of n networks. Empty for encoders without probes.
struct Traces
{
    std::size_t steps = 0; ///< T
    std::size_t parallel = 0; ///< Q
    std::size_t inputSize = 0; ///< I
    std::size_t outputSize = 0; ///< O
    std::vector<float> inputs; ///< [n, T, Q, I], as the network got them (after softmax or sigmoid)
    std::vector<float> outputs; ///< [n, T, Q, O], logits
};

/// A stretch of networks that has been embedded.
struct EncodedBlock
{
    std::size_t first = 0; ///< row in the zoo
    Matrix raw; ///< [n, D], before the norm; NaN for failed rows
    Matrix embedding; ///< [n, D], unit norm when the config says so; NaN for failed rows
    Traces traces;
    std::vector<std::size_t> failed; ///< rows of the zoo with NaN or infinite weights
    Precision precision = Precision::Float32; ///< what it was computed in, which may not be what was asked for
};

/// Called on the encoding thread, in order of rows, once per block.
using BlockSink = std::function<Result<void>(EncodedBlock&&)>;

/// One encoder with its weights on a device. Not for two threads at once.
class Encoder
{
public:
    virtual ~Encoder() = default;
    virtual const zoo::EncoderConfig& config() const = 0;
    virtual DeviceInfo device() const = 0;
    /// Embeds the networks of `zoo` that `options` names. Out of memory halves the batch, then goes on with the CPU,
    /// and says so by progress.note(). Networks with weights that are not finite are failed rows, the others go on.
    virtual Result<void> encode(const zoo::Zoo& zoo, const EncodeOptions& options, const BlockSink& sink,
                                Progress& progress, std::stop_token stop)
        = 0;
};

struct TrainOptions
{
    zoo::EncoderConfig config;
    zoo::EmulatorConfig emulator;
    std::string criterion = "total_variation"; ///< total_variation, kl, kl_reverse, js_div, ce, cosine, l2
    std::size_t steps = 20000;
    std::size_t batch = 64; ///< networks a step, one sequence each
    double learningRate = 1e-3;
    double finalLearningRate = 1e-4; ///< falls linearly
    double weightDecay = 0.01;
    double gradientClip = 0.1; ///< norm, for emulator and encoder each
    bool permutationAugmentation = false; ///< hidden units permuted at random in every batch (flat, transformer)
    bool endToEnd = false; ///< purely supervised: encoder and heads learn the properties together, without emulation
    std::size_t evaluateEvery = 250; ///< steps
    std::size_t patience = 0; ///< evaluations without a better validation loss that end the training; 0: never
    std::size_t constantSteps = 1500; ///< of the constant-embedding baseline, at most `steps`; 0: none
    std::uint64_t seed = 1;
    std::vector<std::string> headProperties; ///< empty: every usable property
    DeviceChoice device;
};

/// One training run, an object that advances by steps: whoever holds it can show, pause, save and cancel it. Herrmann
/// et al. 2024, sections 3 and 5; encoders.md, "Emulation". Not for two threads at once; keep the engine alive.
class TrainingRun
{
public:
    virtual ~TrainingRun() = default;
    virtual std::size_t step() const = 0; ///< optimiser steps made
    virtual bool done() const = 0; ///< all steps made, or stopped early
    virtual const zoo::TrainingRecord& record() const = 0; ///< curves and splits so far
    /// One optimiser step; every `evaluateEvery` steps and after the last one also the validation and OOD losses, with
    /// a note. Cancelled leaves the run as it was before the call. BadValue names step and cause when the loss is not
    /// finite: the run is then over, snapshot() still has the best encoder before.
    virtual Result<void> advance(Progress& progress, std::stop_token stop) = 0;
    /// The encoder as it stands now, without heads: for a map while it learns.
    virtual zoo::Checkpoint current() const = 0;
    /// The best encoder so far with all that resuming needs.
    virtual zoo::Checkpoint snapshot() const = 0;
    /// The best encoder with the constant-embedding baseline, the embedding of the whole zoo and calibrated heads.
    virtual Result<zoo::Checkpoint> finish(Progress& progress, std::stop_token stop) = 0;
};

struct HeadOptions
{
    std::vector<std::string> properties; ///< empty: every usable property
    std::uint64_t seed = 1;
};

struct EmulationOptions
{
    std::size_t sequences = 16; ///< of each network, spread over those recorded
    std::string criterion = "total_variation";
    DeviceChoice device;
};

/// A checkpoint's emulator: what it says a network answers, knowing nothing of it but an embedding. Not for two threads
/// at once; keep the engine alive.
class Emulator
{
public:
    virtual ~Emulator() = default;
    virtual std::size_t inputSize() const = 0; ///< I
    virtual std::size_t outputSize() const = 0; ///< O
    /// From now on `sequences` [S] from their first step, of the network that `embedding` [D] stands for.
    virtual Result<void> begin(std::span<const float> embedding, std::size_t sequences) = 0;
    /// Inputs [S, I] -> logits [S, O].
    virtual Result<void> step(std::span<const float> inputs, std::span<float> logits) = 0;
};

class Engine
{
public:
    virtual ~Engine() = default;
    virtual std::vector<DeviceInfo> devices() const = 0;
    /// Threads of products on the CPU; 0 means all cores of the process.
    virtual void setThreads(int threads) = 0;
    /// ShapeMismatch naming the tensor when the checkpoint's state does not fit its config.
    virtual Result<std::unique_ptr<Encoder>> makeEncoder(const zoo::Checkpoint& checkpoint, DeviceChoice device) = 0;
    /// NotFound when the checkpoint has no emulator, ShapeMismatch as above.
    virtual Result<std::unique_ptr<Emulator>> makeEmulator(const zoo::Checkpoint& checkpoint, DeviceChoice device);
    /// A run at its first step, or where `unfinished` (null: none) stopped. BadValue when that was trained on another
    /// zoo or with other options.
    virtual Result<std::unique_ptr<TrainingRun>> startTraining(std::shared_ptr<const zoo::Zoo> zoo,
                                                               const TrainOptions& options,
                                                               const zoo::Checkpoint* unfinished, Progress& progress);
    /// Heads on a frozen `embedding` [N, D]: fitted to the Training rows, stopped where the Validation rows are
    /// predicted best, calibrated on the Calibration rows. `splits` [N].
    virtual Result<std::vector<zoo::Head>> trainHeads(const zoo::Zoo& zoo, const Matrix& embedding,
                                                      std::span<const zoo::Split> splits, const HeadOptions& options,
                                                      Progress& progress, std::stop_token stop);
    /// [N] mean loss of the checkpoint's emulator, given each network's embedding, on that network's recorded
    /// sequences; NaN for networks with weights that are not finite. NotFound when the checkpoint has no emulator.
    virtual Result<std::vector<double>> emulationLosses(const zoo::Zoo& zoo, const zoo::Checkpoint& checkpoint,
                                                        const EmulationOptions& options, Progress& progress,
                                                        std::stop_token stop);
    /// Trains the emulator of `options` with one constant embedding on the same splits.
    virtual Result<zoo::ConstantBaseline> trainConstant(std::shared_ptr<const zoo::Zoo> zoo,
                                                        const TrainOptions& options, Progress& progress,
                                                        std::stop_token stop);
    /// Makes networks by batched products, hundreds at once. For GPUs: on the CPU rnn::cpuTrainers() is faster. Keep
    /// the engine alive as long as its trainers.
    virtual Result<rnn::TrainerKind> networkTrainers(DeviceChoice device);
};

/// Loads librnnscope_engine.so (beside the program, in ../lib, or where RNNSCOPE_ENGINE says) and first sets what must
/// be set before LibTorch loads, unless the user has: OPENBLAS_CORETYPE, ATEN_CPU_CAPABILITY, OMP_WAIT_POLICY.
/// Takes about half a second; call it once, off the GUI thread. The library stays loaded.
Result<std::shared_ptr<Engine>> loadEngine();

/// What the shared module exports: `extern "C" Engine* rnnscope_make_engine()` and
/// `extern "C" const char* rnnscope_engine_interface()`, which answers kInterface of interface.h.
inline constexpr const char* kEngineFactory = "rnnscope_make_engine";
inline constexpr const char* kEngineInterface = "rnnscope_engine_interface";

} // namespace rnnscope::engine
