#pragma once

#include "core/weights/find_rnn.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rnnscope::weights {

/// What the user says of a network: for flat vectors all of it, for a plain RNN the nonlinearity.
struct RnnSizes
{
    std::optional<zoo::Cell> cell;
    std::optional<int> input;
    std::optional<int> hidden;
    std::optional<int> layers;
    std::optional<int> output;
    std::optional<bool> bias;

    /// The whole architecture (bias: true unless said otherwise), or which of them is missing.
    Result<zoo::Architecture> complete() const;
};

/// "cell=lstm,input=6,hidden=32,layers=2,output=6[,bias=false]", in any order, any of them.
Result<RnnSizes> parseRnnSizes(std::string_view text);
/// The same text again.
std::string describe(const zoo::Architecture& architecture);

/// Answers to NeedsChoice. Empty ones are worked out where the file leaves no doubt.
struct Choices
{
    std::string rnnPrefix {}; ///< RecurrentStack::name
    std::string head {}; ///< LinearHead::name
    RnnSizes sizes {};
};

/// What was made of one file, for `info`, for the window and for the curious.
struct LoadReport
{
    fs::path file;
    Format format = Format::TorchZip;
    std::string network; ///< "LSTM 2×32, 6 in, 6 out: 'lstm' read by 'linear'"
    std::string precision; ///< of the tensors used: "float32", "float16 and float32"
    std::vector<std::string> used; ///< tensors' names
    std::vector<std::string> ignored;
    std::size_t nonFinite = 0; ///< NaN or infinite weights among those used
    std::vector<std::string> notes; ///< sentences without final stops
};

struct LoadedWeights
{
    zoo::Architecture architecture;
    std::size_t networks = 1; ///< n; more than one only for arrays with a row per network
    std::vector<float> parameters; ///< [n, P]
    bool half = false; ///< every tensor used was float16
    LoadReport report;
};

/// The network in a file. NeedsChoice lists what to give when there are several stacks or heads or no names; NotFound
/// when there is no recurrent network or no head.
Result<LoadedWeights> loadWeights(const TensorFile& file, const Choices& choices);

/// Canonical parameters of a stack without its head: per layer weight_ih, weight_hh, bias_ih, bias_hh.
Result<std::vector<float>> readStack(const TensorFile& file, const RecurrentStack& stack);

} // namespace rnnscope::weights
