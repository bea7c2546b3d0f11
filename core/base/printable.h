#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rnnscope {

inline constexpr std::size_t kPrintableLength = 80;

/// Text out of a file as it may stand in a message: one line of valid UTF-8 with at most `limit` characters, the last
/// of which is "…" when there were more. Control characters, broken UTF-8 and the marks that turn the direction of text
/// become U+FFFD. The result is plain text; whoever shows it must not read it as HTML.
std::string printable(std::string_view text, std::size_t limit = kPrintableLength);

} // namespace rnnscope
