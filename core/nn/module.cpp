#include "core/nn/module.h"

#include "core/nn/dwsnet_encoder.h"
#include "core/nn/flat_encoder.h"
#include "core/nn/probing_encoder.h"
#include "core/nn/statistics_encoder.h"
#include "core/nn/transformer_encoder.h"

#include <new>

namespace rnnscope::nn {

namespace {

std::shared_ptr<EncoderModule> build(const zoo::EncoderConfig& config, const ModuleOptions& options)
{
    switch (config.kind) {
    case zoo::EncoderKind::LayerwiseStatistics:
        return std::make_shared<StatisticsEncoder>(config);
    case zoo::EncoderKind::Flat:
        return std::make_shared<FlatEncoder>(config);
    case zoo::EncoderKind::ParameterTransformer:
        return std::make_shared<TransformerEncoder>(config, options.transformerDropout);
    case zoo::EncoderKind::DwsNet:
        return std::make_shared<DwsNetEncoder>(config);
    case zoo::EncoderKind::NoninteractiveProbing:
    case zoo::EncoderKind::InteractiveProbing:
        return std::make_shared<ProbingEncoder>(config);
    }
    return nullptr;
}

Result<void> check(const zoo::EncoderConfig& config)
{
    if (const auto valid = zoo::validate(config.rnn); !valid)
        return valid;
    if (config.kind == zoo::EncoderKind::ParameterTransformer && config.modelSize % config.transformerHeads != 0)
        return fail(Errc::BadValue,
                    fmt::format("the transformer's model_size {} is not a multiple of its {} heads", config.modelSize,
                                config.transformerHeads));
    if (config.kind == zoo::EncoderKind::DwsNet && config.channels.empty())
        return fail(Errc::BadValue, "a dwsnet encoder needs at least one layer of channels");
    if (config.probing() && config.coreCell != zoo::Cell::Lstm && config.coreCell != zoo::Cell::Gru)
        return fail(Errc::BadValue, fmt::format("core_cell is {}, expected lstm or gru", zoo::name(config.coreCell)));
    return {};
}

} // namespace

Result<std::shared_ptr<EncoderModule>> makeEncoderModule(const zoo::EncoderConfig& config, const ModuleOptions& options)
{
    if (const auto valid = check(config); !valid)
        return forward(valid);
    try {
        return build(config, options);
    } catch (const std::exception& error) { // c10::Error, std::bad_alloc
        return fail(Errc::BadValue, fmt::format("the {} encoder cannot be built from its config", name(config.kind)),
                    error.what());
    }
}

torch::Tensor normalized(const torch::Tensor& raw)
{
    return raw / raw.norm(2, {-1}, true);
}

} // namespace rnnscope::nn
