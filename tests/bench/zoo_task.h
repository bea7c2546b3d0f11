#pragma once

#include "core/rnn/rnn_trainer.h"
#include "core/tasks/mnist.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace rnnscope::bench {

/// 32 sequences as the authors' script feeds them, row-major.
struct PlainBatch
{
    static constexpr std::size_t kSequences = 32;
    std::vector<int> tokens; ///< [32, T]; empty where there are features
    std::vector<float> features; ///< [32, T, I]
    std::vector<int> labels; ///< [32, T]
};

/// What one network of a zoo is trained on.
class ZooTask
{
public:
    virtual ~ZooTask() = default;
    virtual void draw(std::mt19937_64& random, PlainBatch& batch) const = 0;
};

/// A zoo whose making is measured.
struct ZooKind
{
    std::string name;
    rnn::Shape shape;
    std::size_t steps = 0; ///< T
    double authorsRate = 0.0; ///< updates a second of the authors' script on the machine of the project's plan
    rnn::AdamW adam;

    /// The task of one network, drawn at random.
    std::shared_ptr<const ZooTask> (*task)(std::mt19937_64& random, const tasks::Digits* digits) = nullptr;

    /// [P], PyTorch's: uniform within 1 / sqrt(H).
    std::vector<float> parameters(std::mt19937_64& random) const;
    void makePrefixes(const PlainBatch& plain, rnn::PrefixBatch& batch) const;
    /// Multiplications and additions of the products of forward and backward on the batch as it comes.
    double plainFlops() const;
};

ZooKind formalLanguages();
/// Without digits: random tiles of which the first eight are blank.
ZooKind sequentialMnist();

} // namespace rnnscope::bench
