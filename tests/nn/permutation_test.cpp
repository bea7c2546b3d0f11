#include "core/nn/batched_rnn.h"
#include "core/nn/permutation.h"
#include "core/zoo/permuted_zoo.h"
#include "nn/golden.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace rnnscope {

namespace {

std::vector<std::int64_t> toVector(const at::Tensor& row)
{
    return {row.data_ptr<std::int64_t>(), row.data_ptr<std::int64_t>() + row.numel()};
}

TEST(GoldenPermutation, ParametersAndOutputsAreTheAuthors)
{
    const test::Golden golden("permutation.h5");
    for (const std::string& group : golden.children("/")) {
        const zoo::Architecture rnn = golden.architecture(group);
        const at::Tensor parameters = golden.tensor(group + "/parameters");
        nn::Permutations none(static_cast<std::size_t>(rnn.numLayers));
        for (auto& units : none) {
            units.resize(static_cast<std::size_t>(rnn.hiddenSize));
            std::iota(units.begin(), units.end(), 0);
        }
        nn::Permutations all = none;
        for (std::size_t layer = 0; layer < none.size(); ++layer) {
            SCOPED_TRACE(fmt::format("{} layer {}", group, layer));
            const std::string stored = fmt::format("{}/layer_{}/", group, layer);
            nn::Permutations one = none;
            one[layer] = toVector(golden.tensor(stored + "permutation"));
            const at::Tensor permuted = nn::permuteHiddenUnits(parameters, rnn, one);
            EXPECT_EQ(test::largestDifference(permuted, golden.tensor(stored + "parameters")), 0.0);
            all[layer] = toVector(
                golden.tensor(group + "/all_layers_permutations")[static_cast<std::int64_t>(layer)].contiguous());
        }
        const at::Tensor permuted = nn::permuteHiddenUnits(parameters, rnn, all);
        EXPECT_EQ(test::largestDifference(permuted, golden.tensor(group + "/all_layers_parameters")), 0.0);
        zoo::UnitOrder order; // the same on plain floats
        for (const auto& units : all)
            order.emplace_back(units.begin(), units.end());
        const at::Tensor plain = parameters.contiguous().clone();
        const auto count = static_cast<std::size_t>(plain.size(1));
        for (std::int64_t row = 0; row < plain.size(0); ++row)
            zoo::permuteUnits(rnn, order, {plain[row].data_ptr<float>(), count});
        EXPECT_EQ(test::largestDifference(plain, permuted), 0.0);
        const nn::BatchedRnn networks(rnn, permuted);
        nn::RnnState state = networks.zeroState(1);
        const at::Tensor outputs = networks.forward(golden.tensor(group + "/inputs").unsqueeze(1), state).squeeze(1);
        EXPECT_LE(test::largestDifference(outputs, golden.tensor(group + "/all_layers_outputs")), 1e-5);
    }
}

TEST(Permutation, LeavesEveryCellsFunctionUnchanged)
{
    std::mt19937_64 random(3);
    for (const zoo::Cell cell : {zoo::Cell::Lstm, zoo::Cell::Gru, zoo::Cell::RnnTanh, zoo::Cell::RnnRelu})
        for (const bool bias : {true, false}) {
            SCOPED_TRACE(fmt::format("{} bias {}", zoo::name(cell), bias));
            const zoo::Architecture rnn {cell, 3, 9, 2, 4, bias};
            const at::Tensor parameters = at::randn({2, static_cast<std::int64_t>(rnn.parameterCount())}) * 0.4;
            const at::Tensor inputs = at::randn({2, 1, 6, 3});
            const at::Tensor permuted = nn::permuteHiddenUnits(parameters, rnn, nn::randomPermutations(rnn, random));
            EXPECT_GT(test::largestDifference(permuted, parameters), 0.1);
            const nn::BatchedRnn before(rnn, parameters);
            const nn::BatchedRnn after(rnn, permuted);
            nn::RnnState first = before.zeroState(1);
            nn::RnnState second = after.zeroState(1);
            EXPECT_LE(test::largestDifference(before.forward(inputs, first), after.forward(inputs, second)), 1e-5);
        }
}

TEST(Permutation, DrawsEveryUnitOnce)
{
    std::mt19937_64 random(1);
    for (auto units : nn::randomPermutations({zoo::Cell::Gru, 2, 17, 3, 2, true}, random)) {
        std::sort(units.begin(), units.end());
        for (std::size_t i = 0; i < units.size(); ++i)
            EXPECT_EQ(units[i], static_cast<std::int64_t>(i));
    }
}

} // namespace

} // namespace rnnscope
