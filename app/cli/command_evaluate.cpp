#include "app/cli/command.h"
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "app/cli/weight_input.h"
#include "core/evaluation/report.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

namespace rnnscope::cli {

namespace {

struct EvaluateArguments
{
    std::string zoo;
    std::vector<std::string> checkpoints;
    std::string output;
    std::string mnist;
    WeightOptions weights;
    evaluation::EvaluationOptions options;
    bool noBaselines = false;
    DeviceOptions device;
    bool json = false;
};

Result<void> writeCsv(const std::string& path, const evaluation::Evaluation& evaluation)
{
    const auto fill = [&](const fs::path& file) -> Result<void> {
        std::ofstream stream(file, std::ios::binary);
        stream << evaluation::toCsv(evaluation);
        return stream.flush() ? Result<void> {} : fail(Errc::Io, fmt::format("cannot write {}", path));
    };
    if (const auto written = replaceFile(path, fill); !written)
        return tl::make_unexpected(naming(path, written.error()));
    return {};
}

Result<void> runEvaluate(const EvaluateArguments& arguments, Context& context)
{
    const auto zoo = openZooInput({arguments.zoo}, arguments.weights, context);
    if (!zoo)
        return forward(zoo);
    evaluation::Checkpoints checkpoints;
    for (const std::string& path : arguments.checkpoints) {
        auto checkpoint = openEncoderInput(path);
        if (!checkpoint)
            return forward(checkpoint);
        if (auto fits = checkFits(**checkpoint, **zoo); !fits)
            return fits;
        checkpoints.push_back(*std::move(checkpoint));
    }
    if (!arguments.output.empty())
        if (auto writable = checkOutput(arguments.output, {arguments.zoo}); !writable)
            return writable;
    const auto engine = loadEngine(arguments.device);
    if (!engine)
        return forward(engine);
    evaluation::EvaluationOptions options = arguments.options;
    options.rawBaselines = !arguments.noBaselines;
    options.threads = arguments.device.threads;
    options.device = arguments.device.device;
    if (!arguments.mnist.empty())
        options.mnist = arguments.mnist;
    const auto evaluated
        = evaluation::evaluate(**engine, *zoo, checkpoints, options, context.progress, context.interrupt.token());
    if (!evaluated)
        return tl::make_unexpected(
            evaluated.error().code == Errc::Cancelled ? evaluated.error() : naming(arguments.zoo, evaluated.error()));
    if (!arguments.output.empty())
        if (auto written = writeCsv(arguments.output, *evaluated); !written)
            return written;
    arguments.json ? printJson(evaluation::toJson(*evaluated)) : print(evaluation::toText(*evaluated));
    return {};
}

} // namespace

void addEvaluate(CLI::App& program, Action& chosen)
{
    const auto arguments = std::make_shared<EvaluateArguments>();
    auto& options = arguments->options;
    CLI::App* command = program.add_subcommand(
        "evaluate", "Compare encoders on a zoo: emulation losses and errors of every property, by split");
    command->add_option("zoo", arguments->zoo, "a zoo folder or zoo file, or a folder of weight files")
        ->required()
        ->type_name("ZOO");
    command
        ->add_option("checkpoints", arguments->checkpoints,
                     "encoder checkpoints; those that differ in their seeds only are put together")
        ->required()
        ->type_name("CKPT");
    command->add_option("-o,--out", arguments->output, "write the table as CSV, one line per number")
        ->type_name("FILE");
    command->add_option("--level", options.level, "of prediction intervals and sets (default: 0.9)")
        ->check(CLI::Range(0.01, 0.999))
        ->type_name("P");
    command
        ->add_option("--resplits", options.resplits,
                     "random re-splits of the tasks that measure errors and coverage (default: 50, 0: none)")
        ->type_name("R");
    command
        ->add_option("--samples", options.samples,
                     "strings drawn from each network to measure its accuracy (default: 1000, 0: not measured)")
        ->type_name("S");
    command
        ->add_option("--criterion", options.criterion,
                     "loss that measures the emulation (default: the one that each checkpoint was trained with)")
        ->check(CLI::IsMember(kCriteria))
        ->type_name("NAME");
    command
        ->add_option("--sequences", options.sequences,
                     "recorded sequences of each network that measure the emulation loss (default: 16)")
        ->check(CLI::Range(std::size_t {1}, std::size_t {1} << 20))
        ->type_name("S");
    command
        ->add_option("--constant-steps", options.constantSteps,
                     "training steps of the constant-embedding baseline where a checkpoint lacks it (default: 1500)")
        ->type_name("S");
    command
        ->add_option("--mnist", arguments->mnist, "folder with the MNIST digits, to measure accuracies of that family")
        ->type_name("DIR");
    command->add_flag("--no-baselines", arguments->noBaselines, "leave out statistics and PCA of the weights");
    command->add_option("--seed", options.seed, "of everything random (default: 1)")
        ->check(wholeNumber())
        ->type_name("S");
    addWeightOptions(*command, arguments->weights);
    addDevice(*command, arguments->device);
    addJson(*command, arguments->json);
    command->callback(
        [arguments, &chosen] { chosen = [arguments](Context& context) { return runEvaluate(*arguments, context); }; });
}

} // namespace rnnscope::cli
