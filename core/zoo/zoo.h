#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/zoo/architecture.h"
#include "core/zoo/property.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace rnnscope::zoo {

/// The flat parameter vectors of N networks, read on demand. Safe to call from several threads.
class ParameterSource
{
public:
    virtual ~ParameterSource();
    /// Rows [first, first + count) into `out`, [count, P] row-major float32. Pages mapped on the way are given back.
    virtual Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const = 0;
    /// float16 in the file? (`convert` keeps the precision.)
    virtual bool isHalf() const = 0;
};

struct RolloutShape
{
    std::size_t sequences = 0; ///< S per network
    std::size_t inputSteps = 0; ///< T
    std::size_t inputSize = 0; ///< I; 0 when inputs are token ids
    std::size_t logitSteps = 0; ///< T'; tokens: T - 1
    std::size_t outputSize = 0; ///< O

    bool tokens() const { return inputSize == 0; }
    std::size_t inputValues() const { return inputSteps * (tokens() ? 1 : inputSize); } ///< per sequence
    std::size_t logitValues() const { return logitSteps * outputSize; } ///< per sequence
};

/// Recorded sequences of every network. Safe to call from several threads.
class RolloutSource
{
public:
    virtual ~RolloutSource();
    virtual RolloutShape shape() const = 0;
    /// Sequences [first, first + count) of network `row`: [count, T] token ids as floats, or [count, T, I].
    virtual Result<void> readInputs(std::size_t row, std::size_t first, std::size_t count,
                                    std::span<float> out) const = 0;
    /// [count, T', O]: log-probabilities (formal languages) or raw logits (MNIST).
    virtual Result<void> readLogits(std::size_t row, std::size_t first, std::size_t count,
                                    std::span<float> out) const = 0;
};

/// A set of trained networks of one architecture. Immutable once opened; share it by shared_ptr<const Zoo>.
struct Zoo
{
    std::filesystem::path path;
    std::string name;
    TaskFamily family = TaskFamily::Custom;
    Architecture architecture;
    std::size_t size = 0; ///< N
    std::vector<Property> properties;
    std::shared_ptr<const ParameterSource> parameters;
    std::shared_ptr<const RolloutSource> rollouts; ///< null when the zoo has none
    std::string provenance; ///< JSON text, may be empty

    /// nullptr when not recorded in this zoo.
    const Property* property(std::string_view propertyName) const;
};

/// Opens the authors' folder or an HDF5 zoo; which one is worked out from the content.
Result<std::shared_ptr<const Zoo>> openZoo(const std::filesystem::path& path);

/// 16 hexadecimal digits: XXH64, seed 0, of the text "<cell> <input> <hidden> <layers> <output> <bias 0|1> <N>\n" and
/// the parameters as little-endian float32, row after row. Only the content counts, so a copy of a zoo has the
/// fingerprint of the original whatever its file format. Reads everything once.
Result<std::string> fingerprint(const Zoo& zoo);

struct WriteZooOptions
{
    bool halfParameters = false; ///< float16 instead of float32
    std::size_t rolloutSequences = static_cast<std::size_t>(-1); ///< keep at most so many per network; 0 drops them
    std::vector<std::size_t> rows {}; ///< empty: every row
    std::string provenance {}; ///< JSON; empty: the zoo's own
    bool checksums = false; ///< of every row, so that reading finds what a disk has damaged
};

/// Writes `zoo` as HDF5 version 1, all properties and roll-outs included. An existing file is replaced atomically.
Result<void> writeZoo(const Zoo& zoo, const std::filesystem::path& path, const WriteZooOptions& options,
                      Progress& progress, std::stop_token stop);

} // namespace rnnscope::zoo
