#pragma once

#include <cstdint>

namespace rnnscope::nn {

/// What random numbers of a training step are for.
enum class Draw : std::uint64_t { Examples = 1, Permutation, EvaluationPermutation, Dropout };

/// Seed of the generator for one purpose of one step. Training keeps no generator between steps, so a run that goes on
/// draws what an unbroken one draws, and preparing batches ahead disturbs nothing. SplitMix64 (Steele et al. 2014).
inline std::uint64_t streamSeed(std::uint64_t seed, Draw draw, std::uint64_t step = 0, std::uint64_t part = 0)
{
    std::uint64_t state = seed;
    for (const std::uint64_t word : {static_cast<std::uint64_t>(draw), step, part}) {
        state += 0x9e3779b97f4a7c15ULL;
        std::uint64_t mixed = state ^ (word * 0xd1342543de82ef95ULL);
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
        state = mixed ^ (mixed >> 31U);
    }
    return state;
}

} // namespace rnnscope::nn
