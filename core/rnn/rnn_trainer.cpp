#include "core/rnn/rnn_trainer.h"

#include <vector>

namespace rnnscope::rnn {

class RnnTrainer::Work
{
public:
    Shape shape;
    std::vector<float> parameters;
    std::vector<float> gradient;
};

RnnTrainer::RnnTrainer(const Shape& shape, std::span<const float> parameters, const LstmKernels&)
    : m_work(std::make_unique<Work>())
{
    m_work->shape = shape;
    m_work->parameters.assign(parameters.begin(), parameters.end());
    m_work->gradient.resize(parameters.size());
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

double RnnTrainer::backward(const PrefixBatch&)
{
    return 0.0;
}

std::span<const float> RnnTrainer::gradient() const
{
    return m_work->gradient;
}

double RnnTrainer::update(const PrefixBatch&, const AdamW&)
{
    return 0.0;
}

double RnnTrainer::forward(const PrefixBatch&, std::span<float>)
{
    return 0.0;
}

double RnnTrainer::productFlops(const Shape&, const PrefixBatch&)
{
    return 0.0;
}

} // namespace rnnscope::rnn
