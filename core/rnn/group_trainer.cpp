#include "core/rnn/group_trainer.h"

#include <algorithm>

namespace rnnscope::rnn {

namespace {

class OneNetwork : public GroupTrainer
{
public:
    OneNetwork(const Shape& shape, std::span<const float> parameters)
        : m_trainer(shape, parameters)
    {
    }
    std::size_t size() const override { return 1; }
    Result<void> update(std::span<const PrefixBatch> batches, std::span<const AdamW> optimisers) override
    {
        m_trainer.update(batches.front(), optimisers.front());
        return {};
    }
    Result<void> read(std::size_t, std::span<float> parameters) override
    {
        std::ranges::copy(m_trainer.parameters(), parameters.begin());
        return {};
    }

private:
    RnnTrainer m_trainer;
};

} // namespace

TrainerKind cpuTrainers(int threads)
{
    return {.groupSize = 1,
            .groupsAtOnce = threads,
            .make = [](const Shape& shape, std::span<const float> parameters) -> Result<std::unique_ptr<GroupTrainer>> {
                return std::make_unique<OneNetwork>(shape, parameters);
            }};
}

} // namespace rnnscope::rnn
