#pragma once

#include "core/rnn/prefix_batch.h"
#include "core/zoo/zoo.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace rnnscope::making {

/// A network as it was after one step of its run, with all that the zoo says of it.
struct Snapshot
{
    std::size_t step = 0;
    std::vector<float> parameters; ///< [P]
    std::vector<double> values; ///< of Family::properties(), one property's columns after the other's
    std::vector<std::uint16_t> inputs; ///< [S, T] tokens or [S, T, I] float16
    std::vector<std::uint16_t> logits; ///< [S, T', O] float16
};

/// What one run learns: its data, and how its networks are judged.
class Course
{
public:
    virtual ~Course();
    /// The next batch, into memory that is used again. One thread at a time.
    virtual void draw(rnn::PrefixBatch& batch) = 0;
    virtual double weightDecay() const = 0;
    /// Everything of the snapshot but its step; what has no finite answer is NaN. Nothing once `stop` is requested. May
    /// be called while batches are drawn.
    virtual std::optional<Snapshot> judge(std::size_t step, std::span<const float> parameters,
                                          const std::stop_token& stop) const = 0;
};

/// The data that a zoo's tasks are made of.
class Family
{
public:
    virtual ~Family();
    /// What is recorded of every network besides run and step, without values.
    virtual std::vector<zoo::Property> properties() const = 0;
    virtual zoo::RolloutShape rollouts() const = 0;
    /// Depends on nothing but the family, which must outlive it, and the run.
    virtual std::unique_ptr<Course> course(std::size_t run) const = 0;
};

/// What the random numbers of a run are for.
enum class Purpose : std::uint64_t { Task = 1, WeightDecay, Parameters, Batches, Strings, Rollouts };
std::uint64_t runKey(std::uint64_t seed, std::size_t run, Purpose purpose);

} // namespace rnnscope::making
