#include "core/weights/load.h"

namespace rnnscope::weights {

Result<LoadedWeights> loadWeights(const TensorFile& file, const Choices&)
{
    return fail(Errc::NotFound, file.path().string() + " has no recurrent network");
}
Result<std::vector<float>> readStack(const TensorFile& file, const RecurrentStack&)
{
    return fail(Errc::NotFound, file.path().string() + " has no recurrent network");
}

} // namespace rnnscope::weights
