#include "core/base/hash.h"
#include "core/making/mnist_family.h"

namespace rnnscope::making {

Result<std::shared_ptr<const DigitSet>> splitDigits(tasks::Digits digits)
{
    auto set = std::make_shared<DigitSet>();
    for (std::size_t i = 0; i < digits.size(); ++i)
        (tasks::isTrainingDigit(i) ? set->training : set->heldOut).push_back(i);
    if (set->training.empty() || set->heldOut.empty())
        return fail(Errc::BadValue,
                    fmt::format("{} digits are too few: {} to train on and {} held out, expected at least 1 each",
                                digits.size(), set->training.size(), set->heldOut.size()));
    Hash64 hash;
    hash.update(std::as_bytes(std::span(digits.pixels)));
    hash.update(std::as_bytes(std::span(digits.labels)));
    set->fingerprint = hash.hex();
    set->digits = std::move(digits);
    return set;
}

Result<std::shared_ptr<const DigitSet>> readDigits(const std::filesystem::path& folder)
{
    auto digits = tasks::readMnist(folder);
    if (!digits && digits.error().code == Errc::NotFound)
        return fail(Errc::NotFound,
                    fmt::format("{}: MNIST is the four files train-images-idx3-ubyte, train-labels-idx1-ubyte, "
                                "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, as they are or with .gz, of which "
                                "the first two are read",
                                digits.error().message));
    if (!digits)
        return forward(digits);
    auto set = splitDigits(std::move(*digits));
    if (!set)
        return fail(set.error().code, fmt::format("{}: {}", folder.string(), set.error().message));
    return set;
}

} // namespace rnnscope::making
