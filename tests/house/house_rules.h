#pragma once

#include <string>
#include <vector>

namespace rnnscope::house {

/// What is wrong with one source file, a sentence each. `path` is relative to the project. The rules are the table of
/// rooms in docs/architecture.md and the house's style.
std::vector<std::string> violations(const std::string& path, const std::string& text);

/// "core/zoo" of "core/zoo/zoo.h", "ui" of "ui/window.h", "app" of "app/main.cpp".
std::string roomOf(const std::string& path);

} // namespace rnnscope::house
