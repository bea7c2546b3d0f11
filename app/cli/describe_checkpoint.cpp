#include "app/cli/describe.h"
#include "app/cli/output.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

std::size_t count(const zoo::State& state)
{
    std::size_t total = 0;
    for (const auto& [tensorName, tensor] : state)
        total += tensor.values.size();
    return total;
}

std::string fitsText(const zoo::EncoderConfig& config)
{
    if (config.probing())
        return fmt::format("any cell, depth and width with {} inputs and {} outputs", config.rnn.inputSize,
                           config.rnn.outputSize);
    return config.rnn.description() + (config.rnn.bias ? "" : ", without biases");
}

std::string splitsText(const zoo::Splits& splits)
{
    return fmt::format("{} training, {} validation, {} calibration, {} held out (runs)", splits.train.size(),
                       splits.validation.size(), splits.calibration.size(), splits.ood.size());
}

std::string lossNumber(double loss)
{
    return std::isnan(loss) ? "–" : fmt::format("{:.4g}", loss);
}

/// Of the encoder that was kept; NaN where there is none.
struct KeptLosses
{
    explicit KeptLosses(const zoo::TrainingRecord& record)
    {
        const auto row = zoo::bestRow(record);
        if (!row)
            return;
        step = record.step[*row];
        train = record.trainLoss[*row];
        validation = record.validationLoss[*row];
        ood = record.oodLoss[*row];
    }

    double step = 0.0;
    double train = std::numeric_limits<double>::quiet_NaN();
    double validation = std::numeric_limits<double>::quiet_NaN();
    double ood = std::numeric_limits<double>::quiet_NaN();
};

double stepsMade(const zoo::TrainingRecord& record)
{
    return record.step.empty() ? 0.0 : record.step.back();
}

std::string lossText(const zoo::TrainingRecord& record)
{
    const KeptLosses kept(record);
    return fmt::format("training {}, validation {}, held out {} at step {:.0f}, the best of {:.0f}",
                       lossNumber(kept.train), lossNumber(kept.validation), lossNumber(kept.ood), kept.step,
                       stepsMade(record));
}

std::string constantText(const zoo::ConstantBaseline& constant)
{
    return fmt::format("training {}, validation {}, held out {} after {} steps", lossNumber(constant.train),
                       lossNumber(constant.validation), lossNumber(constant.ood), constant.steps);
}

/// Of how many steps the run is; from the options that it was started with.
std::string unfinishedText(const zoo::ResumeState& resume)
{
    const auto options = nlohmann::json::parse(resume.options, nullptr, false);
    const bool known = options.is_object() && options.contains("steps") && options["steps"].is_number_unsigned();
    const std::string total = known ? fmt::format(" of {}", options["steps"].get<std::size_t>()) : "";
    return fmt::format("unfinished: step {}{}, --resume goes on", resume.step, total);
}

std::string headText(const zoo::Head& head)
{
    std::string text = zoo::name(head.kind);
    if (head.columns() > 1)
        text += fmt::format(" [{}]", head.columns());
    if (head.kind == zoo::PropertyKind::Circular)
        text += fmt::format(", period {:g}", head.period);
    if (head.unit != "1" && !head.unit.empty())
        text += fmt::format(", {}", head.unit);
    return text;
}

nlohmann::json toJson(const zoo::Head& head)
{
    nlohmann::json json {
        {"property", head.property}, {"kind", zoo::name(head.kind)}, {"unit", head.unit}, {"columns", head.columns()}};
    if (head.kind == zoo::PropertyKind::Circular)
        json["period"] = head.period;
    if (!head.classes.empty())
        json["classes"] = head.classes;
    if (!head.labels.empty())
        json["labels"] = head.labels;
    return json;
}

nlohmann::json toJson(const zoo::TrainingRecord& record)
{
    const KeptLosses kept(record);
    return {{"steps", stepsMade(record)},
            {"best_step", kept.step},
            {"train_loss", number(kept.train)},
            {"validation_loss", number(kept.validation)},
            {"ood_loss", number(kept.ood)},
            {"splits",
             {{"train", record.splits.train},
              {"validation", record.splits.validation},
              {"calibration", record.splits.calibration},
              {"ood", record.splits.ood}}}};
}

nlohmann::json toJson(const zoo::ConstantBaseline& constant)
{
    return {{"steps", constant.steps},
            {"train_loss", number(constant.train)},
            {"validation_loss", number(constant.validation)},
            {"calibration_loss", number(constant.calibration)},
            {"ood_loss", number(constant.ood)}};
}

} // namespace

std::string_view name(zoo::Split split)
{
    switch (split) {
    case zoo::Split::Training:
        return "training";
    case zoo::Split::Validation:
        return "validation";
    case zoo::Split::Calibration:
        return "calibration";
    case zoo::Split::Ood:
        return "held out";
    case zoo::Split::Unknown:
        return "unknown";
    }
    return "unknown";
}

std::string describe(const zoo::Checkpoint& checkpoint)
{
    const zoo::EncoderConfig& config = checkpoint.config;
    Table facts;
    facts.add({"encoder", fmt::format("{} ({})", zoo::title(config.kind), zoo::name(config.kind))});
    facts.add({"reads", fitsText(config)});
    facts.add({"embedding", fmt::format("{} numbers{}", config.embeddingSize, config.normalize ? ", unit norm" : "")});
    facts.add({"parameters", fmt::format("{}", count(checkpoint.encoder))});
    facts.add(
        {"emulator", checkpoint.emulator.empty() ? "none" : fmt::format("{} parameters", count(checkpoint.emulator))});
    if (checkpoint.training) {
        facts.add({"splits", splitsText(checkpoint.training->splits)});
        facts.add({"loss", lossText(*checkpoint.training)});
    }
    if (checkpoint.constant)
        facts.add({"loss without information", constantText(*checkpoint.constant)});
    if (checkpoint.resume)
        facts.add({"run", unfinishedText(*checkpoint.resume)});
    facts.add({"predicts", checkpoint.heads.empty() ? "nothing" : fmt::format("{}", checkpoint.heads.size())});
    Table heads;
    for (const zoo::Head& head : checkpoint.heads)
        heads.add({head.property, headText(head)});
    Table settings;
    const nlohmann::json json = zoo::toJson(config);
    for (const auto& [key, value] : json.items())
        if (key != "rnn")
            settings.add({key, value.is_string() ? value.get<std::string>() : value.dump()});
    return fmt::format("{}: encoder checkpoint\n{}{}  config\n{}", checkpoint.path.string(), facts.text("  "),
                       heads.text("    "), settings.text("    "));
}

nlohmann::json toJson(const zoo::Checkpoint& checkpoint)
{
    nlohmann::json json {{"path", checkpoint.path.string()},
                         {"format", "rnn-encoder"},
                         {"encoder", zoo::name(checkpoint.config.kind)},
                         {"config", zoo::toJson(checkpoint.config)},
                         {"fits", fitsText(checkpoint.config)},
                         {"parameters", count(checkpoint.encoder)},
                         {"emulator", !checkpoint.emulator.empty()},
                         {"zoo_fingerprint", checkpoint.zooFingerprint},
                         {"heads", nlohmann::json::array()},
                         {"training", nullptr}};
    for (const zoo::Head& head : checkpoint.heads)
        json["heads"].push_back(toJson(head));
    if (checkpoint.training)
        json["training"] = toJson(*checkpoint.training);
    json["constant"] = checkpoint.constant ? toJson(*checkpoint.constant) : nlohmann::json();
    json["unfinished_at_step"] = checkpoint.resume ? nlohmann::json(checkpoint.resume->step) : nlohmann::json();
    return json;
}

} // namespace rnnscope::cli
