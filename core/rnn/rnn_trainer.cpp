#include "core/rnn/rnn_trainer.h"

#include "core/rnn/trained_layer.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace rnnscope::rnn {

namespace {

std::ptrdiff_t signedSize(std::size_t n)
{
    return static_cast<std::ptrdiff_t>(n);
}

} // namespace

class RnnTrainer::Work
{
public:
    Work(const Shape& networkShape, std::span<const float> from, const Kernels& vectorKernels)
        : shape(networkShape)
        , kernels(&vectorKernels)
        , parameters(from.begin(), from.end())
        , gradient(from.size())
        , m_units(signedSize(shape.hiddenSize))
        , m_outputs(signedSize(shape.outputSize))
        , m_readOut(m_units, m_outputs, vectorKernels)
        , m_readOutBackward(m_outputs, m_units, vectorKernels)
        , m_mean(from.size())
        , m_square(from.size())
    {
        assert(from.size() == shape.parameterCount());
        for (std::size_t l = 0; l < shape.numLayers; ++l) {
            m_layers.emplace_back(shape, l == 0 ? shape.inputSize : shape.hiddenSize, m_head, vectorKernels);
            m_head += m_layers.back().parameterCount();
        }
    }

    double forward(const PrefixBatch& batch);
    /// After forward().
    void backward(const PrefixBatch& batch);
    void step(const AdamW& optimiser);
    std::span<const float> logits() const { return m_logits; }

    Shape shape;
    const Kernels* kernels;
    AlignedFloats parameters;
    AlignedFloats gradient;

private:
    void pack();
    double loss(const PrefixBatch& batch);
    const float* inputOf(std::size_t layer, const PrefixBatch& batch) const
    {
        if (layer > 0)
            return m_layers[layer - 1].hidden();
        return batch.features.empty() ? nullptr : batch.features.data();
    }

    std::ptrdiff_t m_units;
    std::ptrdiff_t m_outputs;
    std::size_t m_head = 0; ///< where the read-out's weights start
    std::vector<TrainedLayer> m_layers;
    PackedMatrix m_readOut; ///< transposed: [H, O]
    PackedMatrix m_readOutBackward; ///< [O, H]
    AlignedFloats m_mean; ///< AdamW's moving means [P]
    AlignedFloats m_square;
    double m_beta1Power = 1.0;
    double m_beta2Power = 1.0;
    AlignedFloats m_logits; ///< [nodes, O]
    AlignedFloats m_probabilities; ///< [nodes, O]; then the logits' gradient
    bool m_packed = false;
};

void RnnTrainer::Work::pack()
{
    if (m_packed)
        return;
    for (TrainedLayer& layer : m_layers)
        layer.pack(parameters);
    const float* const weight = parameters.data() + m_head;
    m_readOut.set(0, m_units, 0, m_outputs, weight, 1, m_units);
    m_readOutBackward.set(0, m_outputs, 0, m_units, weight, m_units, 1);
    m_packed = true;
}

double RnnTrainer::Work::forward(const PrefixBatch& batch)
{
    pack();
    for (std::size_t l = 0; l < m_layers.size(); ++l)
        m_layers[l].forward(batch, inputOf(l, batch));
    m_logits.resize(batch.nodes() * shape.outputSize);
    Product p = m_readOut.product();
    p.a = m_layers.back().hidden();
    p.lda = m_units;
    p.rows = signedSize(batch.nodes());
    p.init = parameters.data() + m_head + m_outputs * m_units;
    p.c = m_logits.data();
    p.ldc = m_outputs;
    m_readOut.multiply(p);
    return loss(batch);
}

/// Leaves the softmax in m_probabilities.
double RnnTrainer::Work::loss(const PrefixBatch& batch)
{
    const std::size_t outputs = shape.outputSize;
    m_probabilities.resize(m_logits.size());
    for (std::size_t at = 0; at < m_logits.size(); at += outputs) {
        const float largest = *std::max_element(m_logits.data() + at, m_logits.data() + at + outputs);
        for (std::size_t o = at; o < at + outputs; ++o)
            m_probabilities[o] = m_logits[o] - largest;
    }
    double sum = 0.0;
    for (std::size_t i = 0; i < m_logits.size(); ++i) // -sum of the targets' shifted logits
        sum -= static_cast<double>(batch.targets[i] * m_probabilities[i]);
    kernels->exponential(m_probabilities.data(), signedSize(m_probabilities.size()));
    for (std::size_t at = 0; at < m_logits.size(); at += outputs) {
        float total = 0.0F;
        float asked = 0.0F;
        for (std::size_t o = at; o < at + outputs; ++o) {
            total += m_probabilities[o];
            asked += batch.targets[o];
        }
        for (std::size_t o = at; o < at + outputs; ++o)
            m_probabilities[o] /= total;
        sum += static_cast<double>(asked * std::log(total));
    }
    return sum;
}

void RnnTrainer::Work::backward(const PrefixBatch& batch)
{
    const std::size_t outputs = shape.outputSize;
    for (std::size_t at = 0; at < m_probabilities.size(); at += outputs) {
        float asked = 0.0F;
        for (std::size_t o = at; o < at + outputs; ++o)
            asked += batch.targets[o];
        for (std::size_t o = at; o < at + outputs; ++o)
            m_probabilities[o] = asked * m_probabilities[o] - batch.targets[o];
    }
    const std::ptrdiff_t nodes = signedSize(batch.nodes());
    float* const weight = gradient.data() + m_head;
    kernels->multiplyTransposed({.a = m_probabilities.data(),
                                 .lda = m_outputs,
                                 .rows = m_outputs,
                                 .b = m_layers.back().hidden(),
                                 .ldb = m_units,
                                 .columns = m_units,
                                 .k = nodes,
                                 .c = weight,
                                 .ldc = m_units});
    std::fill_n(weight + m_outputs * m_units, m_outputs, 0.0F);
    kernels->addRows(m_probabilities.data(), m_outputs, nodes, m_outputs, weight + m_outputs * m_units);
    Product p = m_readOutBackward.product();
    p.a = m_probabilities.data();
    p.lda = m_outputs;
    p.rows = nodes;
    p.c = m_layers.back().hiddenGradient();
    p.ldc = m_units;
    m_readOutBackward.multiply(p);
    for (std::size_t l = m_layers.size(); l-- > 0;)
        m_layers[l].backward(batch, inputOf(l, batch), gradient, l > 0 ? m_layers[l - 1].hiddenGradient() : nullptr);
}

void RnnTrainer::Work::step(const AdamW& optimiser)
{
    m_beta1Power *= static_cast<double>(optimiser.beta1);
    m_beta2Power *= static_cast<double>(optimiser.beta2);
    const auto rate = static_cast<double>(optimiser.learningRate);
    kernels->adamW({.count = signedSize(parameters.size()),
                    .parameters = parameters.data(),
                    .gradient = gradient.data(),
                    .mean = m_mean.data(),
                    .square = m_square.data(),
                    .beta1 = optimiser.beta1,
                    .beta2 = optimiser.beta2,
                    .decay = optimiser.learningRate * optimiser.weightDecay,
                    .rate = static_cast<float>(rate / (1.0 - m_beta1Power)),
                    .scale = static_cast<float>(1.0 / std::sqrt(1.0 - m_beta2Power)),
                    .epsilon = optimiser.epsilon});
    m_packed = false;
}

RnnTrainer::RnnTrainer(const Shape& shape, std::span<const float> parameters, const Kernels& kernels)
    : m_work(std::make_unique<Work>(shape, parameters, kernels))
{
}

RnnTrainer::~RnnTrainer() = default;
RnnTrainer::RnnTrainer(RnnTrainer&&) noexcept = default;
RnnTrainer& RnnTrainer::operator=(RnnTrainer&&) noexcept = default;

const Shape& RnnTrainer::shape() const
{
    return m_work->shape;
}

std::span<const float> RnnTrainer::parameters() const
{
    return m_work->parameters;
}

double RnnTrainer::backward(const PrefixBatch& batch)
{
    const double loss = m_work->forward(batch);
    m_work->backward(batch);
    return loss;
}

std::span<const float> RnnTrainer::gradient() const
{
    return m_work->gradient;
}

double RnnTrainer::update(const PrefixBatch& batch, const AdamW& optimiser)
{
    const double loss = backward(batch);
    m_work->step(optimiser);
    return loss;
}

double RnnTrainer::forward(const PrefixBatch& batch, std::span<float> logits)
{
    const double loss = m_work->forward(batch);
    if (!logits.empty())
        std::ranges::copy(m_work->logits(), logits.begin());
    return loss;
}

double RnnTrainer::productFlops(const Shape& shape, const PrefixBatch& batch)
{
    const auto nodes = static_cast<double>(batch.nodes());
    const auto later = static_cast<double>(batch.nodes() - batch.first[1]); // with a step before
    const auto rows = static_cast<double>(shape.gates() * shape.hiddenSize);
    const auto units = static_cast<double>(shape.hiddenSize);
    double products = 3.0 * nodes * units * static_cast<double>(shape.outputSize);
    for (std::size_t l = 0; l < shape.numLayers; ++l) {
        products += 3.0 * later * rows * units;
        if (l > 0)
            products += 3.0 * nodes * rows * units;
        else if (!batch.features.empty())
            products += 2.0 * nodes * rows * static_cast<double>(shape.inputSize); // nobody needs its inputs' gradient
    }
    return 2.0 * products;
}

} // namespace rnnscope::rnn
