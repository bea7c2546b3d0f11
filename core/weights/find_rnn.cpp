#include "core/weights/find_rnn.h"

namespace rnnscope::weights {

Result<Inspection> inspect(const TensorFile& file)
{
    return fail(Errc::NotFound, file.path().string() + " has no recurrent network");
}

} // namespace rnnscope::weights
