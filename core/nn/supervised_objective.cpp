#include "core/nn/supervised_objective.h"

#include "core/nn/head_model.h"
#include "core/nn/head_trainer.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <charconv>
#include <numeric>

namespace rnnscope::nn {

namespace {

/// At least two training networks have to be known.
constexpr std::size_t kFewest = 2;

at::Tensor rowIndex(const TrainingBatch& batch, const at::Device& device)
{
    const at::Tensor index = at::empty({batch.size()}, at::TensorOptions(at::kLong));
    std::transform(batch.examples.begin(), batch.examples.end(), index.data_ptr<std::int64_t>(),
                   [](const Example& example) { return static_cast<std::int64_t>(example.row); });
    return index.to(device);
}

/// Splits "3.0.weight" into 3 and "0.weight".
std::pair<std::size_t, std::string> headTensor(const std::string& name)
{
    std::size_t index = 0;
    std::from_chars(name.data(), name.data() + name.size(), index);
    return {index, name.substr(name.find('.') + 1)};
}

} // namespace

SupervisedObjective::SupervisedObjective(zoo::EncoderConfig config, std::shared_ptr<EncoderModule> encoder,
                                         std::shared_ptr<torch::nn::Module> module, std::vector<Task> tasks)
    : Objective({{"heads", module}, {"encoder", encoder}})
    , m_config(std::move(config))
    , m_encoder(std::move(encoder))
    , m_module(std::move(module))
    , m_tasks(std::move(tasks))
{
}

Result<std::shared_ptr<SupervisedObjective>> SupervisedObjective::make(const TrainingSet& set,
                                                                       const engine::TrainOptions& options,
                                                                       std::shared_ptr<EncoderModule> encoder,
                                                                       c10::Device device)
{
    const zoo::Zoo& zoo = *set.zoo;
    const std::vector<std::size_t> training = set.rows(zoo::Split::Training);
    std::vector<std::size_t> all(zoo.size);
    std::iota(all.begin(), all.end(), std::size_t {0});
    const auto module = std::make_shared<torch::nn::Module>("heads");
    std::vector<Task> tasks;
    for (const std::string& name : options.headProperties.empty() ? learnableProperties(zoo) : options.headProperties) {
        const zoo::Property* property = zoo.property(name);
        if (property == nullptr)
            return fail(Errc::NotFound, fmt::format("{} has no property '{}' to learn", zoo.path.string(), name));
        const auto known = static_cast<std::size_t>(
            std::count_if(training.begin(), training.end(), [&](std::size_t row) { return isKnown(*property, row); }));
        if (known < kFewest)
            continue;
        Task task;
        task.head = describeHead(*property, training);
        task.targets = headTargets(task.head, *property, all).to(device);
        task.model = makeHeadModule(task.head, property->columns, options.config.embeddingSize);
        module->register_module(std::to_string(tasks.size()), task.model);
        tasks.push_back(std::move(task));
    }
    if (tasks.empty())
        return fail(Errc::BadValue,
                    fmt::format("{} has no property that is known for two training networks, so nothing can be learned "
                                "end to end",
                                zoo.path.string()));
    module->to(device);
    return std::shared_ptr<SupervisedObjective>(
        new SupervisedObjective(options.config, std::move(encoder), module, std::move(tasks)));
}

at::Tensor SupervisedObjective::embed(const TrainingBatch& batch)
{
    const at::Tensor raw = m_encoder->forward(batch.parameters, m_config.rnn);
    return m_config.normalize ? normalized(raw) : raw;
}

at::Tensor SupervisedObjective::losses(const TrainingBatch& batch)
{
    const at::Tensor embedding = embed(batch);
    const at::Tensor rows = rowIndex(batch, embedding.device());
    at::Tensor sum;
    for (const Task& task : m_tasks) {
        const at::Tensor loss
            = headLosses(task.head, task.model->forward(embedding), task.targets.index_select(0, rows));
        sum = sum.defined() ? sum + loss : loss;
    }
    return sum;
}

std::string SupervisedObjective::whatIsNotFinite(const TrainingBatch& batch)
{
    const at::NoGradGuard untracked;
    if (std::string part = badPart(); !part.empty())
        return part;
    const auto row = firstBadRow(embed(batch));
    if (row >= 0)
        return fmt::format("the numbers of the embedding of network {} are not finite",
                           batch.examples[static_cast<std::size_t>(row)].row);
    return "a head's loss has no finite value";
}

std::vector<zoo::Head> SupervisedObjective::headsOf(const zoo::State& state) const
{
    std::vector<zoo::Head> heads;
    for (const Task& task : m_tasks)
        heads.push_back(task.head);
    for (const auto& [name, tensor] : state) {
        const auto [index, inner] = headTensor(name);
        heads.at(index).state[inner] = tensor;
    }
    return heads;
}

zoo::State SupervisedObjective::stateOf(const std::vector<zoo::Head>& heads) const
{
    zoo::State state;
    for (std::size_t i = 0; i < m_tasks.size(); ++i)
        for (const zoo::Head& head : heads)
            if (head.property == m_tasks[i].head.property)
                for (const auto& [name, tensor] : head.state)
                    state[fmt::format("{}.{}", i, name)] = tensor;
    return state;
}

} // namespace rnnscope::nn
