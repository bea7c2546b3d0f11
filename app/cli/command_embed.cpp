#include "app/cli/command.h"
namespace rnnscope::cli {
void addEmbed(CLI::App&, Action&) { }
} // namespace rnnscope::cli
