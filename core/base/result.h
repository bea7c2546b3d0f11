#pragma once

#include <tl/expected.hpp>

#include <fmt/format.h>
#include <string>
#include <utility>

namespace rnnscope {

enum class Errc {
    NotFound, ///< a named file, tensor or property does not exist
    BadFormat, ///< a file's bytes are not what its format asks for
    ShapeMismatch, ///< sizes that should agree do not
    BadValue, ///< numbers that cannot be used (NaN weights, options out of range)
    Io, ///< reading or writing failed (full disk, permissions)
    Device, ///< no such device, or it has no memory left
    NeedsChoice, ///< the file holds more than one thing that could be meant; the message lists what to give
    Cancelled, ///< the user stopped the work; not a failure
};

/// `message` is one plain sentence without a final full stop that names file, tensor or property, what was expected
/// and what was found. `detail` is for the curious: the library's own words.
struct Error
{
    Errc code;
    std::string message;
    std::string detail;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Errc code, std::string message, std::string detail = {})
{
    return tl::make_unexpected(Error {code, std::move(message), std::move(detail)});
}

template <typename T>
tl::unexpected<Error> forward(const Result<T>& failed)
{
    return tl::make_unexpected(failed.error());
}

inline tl::unexpected<Error> cancelled(const std::string& what)
{
    return fail(Errc::Cancelled, what + " was cancelled");
}

} // namespace rnnscope
