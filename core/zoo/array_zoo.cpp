#include "core/zoo/array_zoo.h"

#include <array>

namespace rnnscope::zoo {

namespace {

class ArrayParameters final : public ParameterSource
{
public:
    explicit ArrayParameters(std::shared_ptr<const ArraySource> array)
        : m_array(std::move(array))
    {
    }

    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        return m_array->read(std::array {first}, count, out);
    }
    bool isHalf() const override { return m_array->isHalf(); }

private:
    std::shared_ptr<const ArraySource> m_array;
};

class ArrayRollouts final : public RolloutSource
{
public:
    ArrayRollouts(std::shared_ptr<const ArraySource> inputs, std::shared_ptr<const ArraySource> logits,
                  const RolloutShape& shape, int tokenCount)
        : m_inputs(std::move(inputs))
        , m_logits(std::move(logits))
        , m_shape(shape)
        , m_tokenCount(tokenCount)
    {
    }

    RolloutShape shape() const override { return m_shape; }

    Result<void> readInputs(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        auto read = m_inputs->read(std::array {row, first}, count, out);
        if (!read || !m_shape.tokens())
            return read;
        for (const float token : out)
            if (!(token >= 0.0F && token < static_cast<float>(m_tokenCount)))
                return fail(Errc::BadValue,
                            fmt::format("{} holds token {} for network {}, expected 0 to {}", m_inputs->where(), token,
                                        row, m_tokenCount - 1));
        return read;
    }

    Result<void> readLogits(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        return m_logits->read(std::array {row, first}, count, out);
    }

private:
    std::shared_ptr<const ArraySource> m_inputs;
    std::shared_ptr<const ArraySource> m_logits;
    RolloutShape m_shape;
    int m_tokenCount;
};

tl::unexpected<Error> wrongShape(const ArraySource& array, const std::string& expected)
{
    return fail(Errc::ShapeMismatch,
                fmt::format("{} has shape {}, expected {}", array.where(), describeShape(array.shape()), expected));
}

} // namespace

Result<std::shared_ptr<const ParameterSource>> makeParameters(std::shared_ptr<const ArraySource> array,
                                                              const Architecture& architecture)
{
    const auto& shape = array->shape();
    const std::size_t expected = architecture.parameterCount();
    if (array->isInteger())
        return fail(Errc::BadFormat, array->where() + " holds integers, expected floats");
    if (shape.size() != 2)
        return wrongShape(*array, fmt::format("one row of {} numbers a network", expected));
    if (shape[1] != expected)
        return fail(Errc::ShapeMismatch,
                    fmt::format("{} has rows of {} numbers, an {} has {}", array->where(), shape[1],
                                architecture.description(), expected));
    if (shape[0] == 0)
        return fail(Errc::BadFormat, array->where() + " has no rows, expected at least one network");
    return std::make_shared<const ArrayParameters>(std::move(array));
}

Result<std::shared_ptr<const RolloutSource>> makeRollouts(std::shared_ptr<const ArraySource> inputs,
                                                          std::shared_ptr<const ArraySource> logits,
                                                          const Architecture& architecture, std::size_t networks)
{
    const auto& in = inputs->shape();
    const auto& out = logits->shape();
    const auto inputSize = static_cast<std::size_t>(architecture.inputSize);
    const auto outputSize = static_cast<std::size_t>(architecture.outputSize);
    const bool tokens = inputs->isInteger();
    const bool ranked = tokens ? in.size() == 3 : in.size() == 4 && in[3] == inputSize;
    if (!ranked || in[0] != networks)
        return wrongShape(*inputs,
                          tokens ? fmt::format("({}, sequences, steps) token ids", networks)
                                 : fmt::format("({}, sequences, steps, {}) floats", networks, inputSize));
    if (out.size() != 4 || out[0] != networks || out[1] != in[1] || out[3] != outputSize || logits->isInteger())
        return wrongShape(*logits, fmt::format("({}, {}, steps, {}) floats", networks, in[1], outputSize));
    if (out[2] > in[2])
        return wrongShape(*logits, fmt::format("at most the {} steps of the inputs", in[2]));
    const RolloutShape shape {.sequences = in[1],
                              .inputSteps = in[2],
                              .inputSize = tokens ? 0 : inputSize,
                              .logitSteps = out[2],
                              .outputSize = outputSize};
    return std::make_shared<const ArrayRollouts>(std::move(inputs), std::move(logits), shape, architecture.inputSize);
}

} // namespace rnnscope::zoo
