#include "core/engine/engine.h"

namespace rnnscope::engine {

namespace {

tl::unexpected<Error> cannot(std::string_view what)
{
    return fail(Errc::NotFound, fmt::format("this engine cannot {}", what));
}

} // namespace

Result<std::unique_ptr<Emulator>> Engine::makeEmulator(const zoo::Checkpoint& /*checkpoint*/, DeviceChoice /*device*/)
{
    return cannot("emulate");
}

Result<std::unique_ptr<TrainingRun>> Engine::startTraining(std::shared_ptr<const zoo::Zoo> /*zoo*/,
                                                           const TrainOptions& /*options*/,
                                                           const zoo::Checkpoint* /*unfinished*/,
                                                           Progress& /*progress*/)
{
    return cannot("train");
}

Result<std::vector<zoo::Head>> Engine::trainHeads(const zoo::Zoo& /*zoo*/, const Matrix& /*embedding*/,
                                                  std::span<const zoo::Split> /*splits*/,
                                                  const HeadOptions& /*options*/, Progress& /*progress*/,
                                                  std::stop_token /*stop*/)
{
    return cannot("train heads");
}

Result<std::vector<double>> Engine::emulationLosses(const zoo::Zoo& /*zoo*/, const zoo::Checkpoint& /*checkpoint*/,
                                                    const EmulationOptions& /*options*/, Progress& /*progress*/,
                                                    std::stop_token /*stop*/)
{
    return cannot("emulate");
}

Result<zoo::ConstantBaseline> Engine::trainConstant(std::shared_ptr<const zoo::Zoo> /*zoo*/,
                                                    const TrainOptions& /*options*/, Progress& /*progress*/,
                                                    std::stop_token /*stop*/)
{
    return cannot("train");
}

Result<rnn::TrainerKind> Engine::networkTrainers(DeviceChoice /*device*/)
{
    return cannot("train groups of networks");
}

} // namespace rnnscope::engine
