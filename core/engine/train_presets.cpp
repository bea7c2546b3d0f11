#include "core/engine/train_presets.h"

namespace rnnscope::engine {

Result<Preset> presetFromName(std::string_view text)
{
    if (text == "paper")
        return Preset::Paper;
    if (text == "compact")
        return Preset::Compact;
    return fail(Errc::BadValue, fmt::format("unknown preset '{}', expected paper or compact", text));
}

TrainOptions presetOptions(Preset preset, zoo::EncoderKind kind, const zoo::Zoo& zoo)
{
    TrainOptions options;
    options.permutationAugmentation = kind == zoo::EncoderKind::Flat || kind == zoo::EncoderKind::ParameterTransformer;
    if (preset == Preset::Compact) {
        options.config = zoo::compactConfig(kind, zoo.architecture, zoo.family);
        options.emulator = {.hiddenSize = 128, .numLayers = 2, .onlyConditionBos = true};
        return options;
    }
    options.config = zoo::paperConfig(kind, zoo.architecture, zoo.family);
    options.steps = 100000;
    options.learningRate = 1e-4;
    options.finalLearningRate = 1e-4;
    return options;
}

} // namespace rnnscope::engine
