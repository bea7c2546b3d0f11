#pragma once

#include "core/zoo/array_source.h"
#include "core/zoo/zoo.h"

namespace rnnscope::zoo {

/// Parameters [N, P] that lie in an array; refuses another rank, integers, no rows, or rows that are not P long.
Result<std::shared_ptr<const ParameterSource>> makeParameters(std::shared_ptr<const ArraySource> array,
                                                              const Architecture& architecture);

/// Roll-outs of `networks` networks: inputs [N, S, T] token ids or [N, S, T, I] floats, logits [N, S, T', O].
Result<std::shared_ptr<const RolloutSource>> makeRollouts(std::shared_ptr<const ArraySource> inputs,
                                                          std::shared_ptr<const ArraySource> logits,
                                                          const Architecture& architecture, std::size_t networks);

} // namespace rnnscope::zoo
