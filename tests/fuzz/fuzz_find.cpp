#include "core/weights/load.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

namespace weights = rnnscope::weights;

/// Tensors whose names are put together from the words that networks are named with.
class SyntheticFile final : public weights::TensorFile
{
public:
    SyntheticFile(const std::uint8_t* data, std::size_t size)
        : TensorFile("synthetic.pt", weights::Format::TorchZip)
        , m_data(data)
        , m_left(size)
    {
        while (m_left > 0)
            m_tensors.push_back(nextTensor());
    }

    rnnscope::Result<void> read(std::size_t tensor, std::span<float> out) const override
    {
        if (out.size() != m_tensors[tensor].entries())
            std::abort();
        std::fill(out.begin(), out.end(), 1.0F);
        return {};
    }

private:
    unsigned next()
    {
        if (m_left == 0)
            return 0;
        --m_left;
        return *m_data++;
    }

    weights::TensorInfo nextTensor()
    {
        constexpr std::array<std::string_view, 26> kWords {"weight_ih_l0",
                                                           "weight_hh_l0",
                                                           "bias_ih_l0",
                                                           "bias_hh_l0",
                                                           "weight_ih_l1",
                                                           "weight_hh_l1",
                                                           "weight_ih",
                                                           "weight_hh",
                                                           "bias_ih",
                                                           "weight_ih_l0_reverse",
                                                           "weight_hr_l0",
                                                           "i2h",
                                                           "h2h",
                                                           "weight",
                                                           "bias",
                                                           "lstm",
                                                           "cells",
                                                           "0",
                                                           "1",
                                                           "12",
                                                           "head",
                                                           "fc1",
                                                           "fc2",
                                                           "exp_avg",
                                                           "embedding",
                                                           ""};
        weights::TensorInfo tensor;
        const unsigned parts = 1 + next() % 4;
        for (unsigned i = 0; i < parts; ++i) {
            const unsigned word = next();
            tensor.name += i == 0 ? "" : word % 7 == 6 ? "/" : ".";
            tensor.name += kWords[word % kWords.size()];
        }
        const unsigned rank = next() % 4;
        for (unsigned i = 0; i < rank; ++i) {
            const unsigned size = next();
            tensor.shape.push_back(size < 250 ? size : std::size_t {1} << (size - 240U));
        }
        tensor.dtype = next() % 16 == 0 ? weights::Dtype::Integer : weights::Dtype::Float32;
        return tensor;
    }

    const std::uint8_t* m_data;
    std::size_t m_left;
};

void check(const weights::RecurrentStack& stack, std::size_t tensors)
{
    for (const auto& layer : stack.layers)
        for (const auto* part : {&layer.weightIh, &layer.weightHh, &layer.biasIh, &layer.biasHh})
            if (part->present() && part->tensor >= tensors)
                std::abort();
    if (stack.headIsClear && stack.heads.empty())
        std::abort();
}

} // namespace

/// The bytes are names and shapes of tensors, in which networks are looked for and loaded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t kMost = 20'000; // bytes
    const SyntheticFile file(data, std::min(size, kMost));
    const auto inspection = weights::inspect(file);
    if (!inspection)
        return 0;
    std::size_t left = 8; // each is looked for anew
    for (const auto& stack : inspection->stacks) {
        if (left-- == 0)
            break;
        check(stack, file.tensors().size());
        if (const auto loaded = weights::loadWeights(file, {.rnnPrefix = stack.name});
            loaded && loaded->parameters.size() != loaded->networks * loaded->architecture.parameterCount())
            std::abort();
    }
    static_cast<void>(weights::loadWeights(file, {}));
    return 0;
}
