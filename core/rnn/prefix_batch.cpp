#include "core/rnn/prefix_batch.h"

namespace rnnscope::rnn {

void makePrefixes(const LabelledTokens&, PrefixBatch&) { }
void makePrefixes(const LabelledFeatures&, PrefixBatch&) { }

} // namespace rnnscope::rnn
