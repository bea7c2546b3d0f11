#include "core/weights/encoder_state.h"

namespace rnnscope::weights {

bool isEncoderState(const TensorFile&)
{
    return false;
}
Result<EncoderGuess> guessEncoder(const TensorFile& file, const EncoderChoices&)
{
    return fail(Errc::BadFormat, file.path().string() + " holds no encoder");
}
Result<zoo::Checkpoint> importEncoder(const TensorFile& file, const EncoderChoices&)
{
    return fail(Errc::BadFormat, file.path().string() + " holds no encoder");
}

} // namespace rnnscope::weights
